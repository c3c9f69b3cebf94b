// Writes dist/library.d.ts: the library's public types and what they are made of, in one file that imports nothing. tsc declares
// every module; of these the declarations are taken that can be reached from what src/library/index.ts exports.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ENTRY = 'library/index.d.ts';

export function writeDeclarations(root, target) {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-types-'));
  try {
    declare(root, folder);
    writeFileSync(
      target,
      flatten((file) => readFileSync(join(folder, 'out', file), 'utf8'), existing(folder)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const existing = (folder) => (file) => existsSync(join(folder, 'out', file));

function declare(root, folder) {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    rootDir: join(root, 'src'),
    outDir: join(folder, 'out'),
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  const files = [join(root, 'src/library/index.ts')];
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  // What is wrong with the types is the type checker's business; here it matters whether they can be declared.
  if (!existing(folder)(ENTRY)) throw new Error(`tsc declares nothing:\n${stdout}`);
}

function flatten(read, exists) {
  const modules = new Map();
  const module = (file) => {
    if (!modules.has(file)) modules.set(file, parse(read(file)));
    return modules.get(file);
  };
  const fileOf = (from, path) => {
    const base = join(dirname(from), path);
    return exists(`${base}.d.ts`) ? `${base}.d.ts` : join(base, 'index.d.ts');
  };
  /** Where a name of a module is declared; undefined for what is no name of it. */
  const find = (file, name) => {
    const { declared, imported, all } = module(file);
    if (declared.has(name)) return { file, name };
    if (imported.has(name)) return find(fileOf(file, imported.get(name)), name);
    for (const path of all) {
      const found = find(fileOf(file, path), name);
      if (found) return found;
    }
    return undefined;
  };
  const exported = [...module(ENTRY).exported];
  const taken = new Map();
  const queue = exported.map((name) => ({ file: ENTRY, name }));
  for (const asked of queue) {
    const found = find(asked.file, asked.name);
    if (!found) {
      if (asked.file === ENTRY) throw new Error(`the library exports ${asked.name}, which is declared nowhere`);
      continue;
    }
    const known = taken.get(found.name);
    if (known?.file === found.file) continue;
    if (known) throw new Error(`two types are called ${found.name}: in ${known.file} and ${found.file}`);
    const { comment, text } = module(found.file).declared.get(found.name);
    taken.set(found.name, { file: found.file, comment, text });
    const names = new Set(text.replace(/\/\*[\s\S]*?\*\//g, '').match(/[A-Za-z_$][\w$]*/g));
    for (const name of names) queue.push({ file: found.file, name });
  }
  const shown = [...taken].map(([name, { comment, text }]) => {
    const plain = text.replace(/^export /, '').replace(/^(?=class|const|function)/, 'declare ');
    return `${comment}${exported.includes(name) ? `export ${plain}` : plain}`;
  });
  return `${shown.join('')}export {};\n`;
}

/** The statements of a declaration file. Types of other names than their own are not used in this tree. */
function parse(text) {
  const declared = new Map();
  const imported = new Map();
  const exported = new Set();
  const all = [];
  let comment = '';
  for (const [statement] of text.matchAll(/^(?:\/\*\*[\s\S]*?\*\/|\S[^\n]*(?:\n(?:[ }\])]| \*)[^\n]*)*)\n/gm)) {
    if (statement.startsWith('/**')) {
      comment = statement;
      continue;
    }
    const from = /^(?:import|export) (?:type )?(\{[^}]*\}|\*) from '([^']+)'/.exec(statement);
    const name = /^(?:export )?(?:declare )?(?:abstract )?(?:class|const|function|interface|type) ([\w$]+)/.exec(
      statement,
    );
    if (from?.[1] === '*') all.push(from[2]);
    else if (from) {
      for (const each of from[1].slice(1, -1).split(',')) {
        const local = each.trim().replace(/^type /, '');
        if (local === '' || local.includes(' as ')) continue;
        imported.set(local, from[2]);
        if (statement.startsWith('export')) exported.add(local);
      }
    } else if (name) declared.set(name[1], { comment, text: statement });
    comment = '';
  }
  return { declared, imported, exported, all };
}
