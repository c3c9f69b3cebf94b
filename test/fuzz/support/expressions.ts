/** Every regular expression that the sources write, with the place of its first use: found by TypeScript's own scanner. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SyntaxKind as Kind } from 'typescript/unstable/ast';
import { createScanner } from 'typescript/unstable/ast/scanner';

/** Behind these a slash divides. */
const VALUES: ReadonlySet<Kind> = new Set([
  ...[Kind.Identifier, Kind.NumericLiteral, Kind.BigIntLiteral, Kind.StringLiteral, Kind.RegularExpressionLiteral],
  ...[Kind.NoSubstitutionTemplateLiteral, Kind.TemplateTail, Kind.CloseParenToken, Kind.CloseBracketToken],
  ...[Kind.CloseBraceToken, Kind.ThisKeyword, Kind.NullKeyword, Kind.TrueKeyword, Kind.FalseKeyword],
]);

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return path.endsWith('.ts') && !path.endsWith('generated.ts') ? [path] : [];
  });
}

/** `/a+/g` to `src/a.ts:12`. */
export function expressionsIn(root: string, folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of folders.flatMap((folder) => files(join(root, folder)))) {
    const text = readFileSync(path, 'utf8');
    for (const { expression, at } of literalsOf(text)) {
      const line = text.slice(0, at).split('\n').length;
      if (!found.has(expression)) found.set(expression, `${relative(root, path)}:${line}`);
    }
  }
  return found;
}

function* literalsOf(text: string): Iterable<{ readonly expression: string; readonly at: number }> {
  const scanner = createScanner(true, 0, text);
  const open: Kind[] = [];
  let before: Kind | undefined;
  for (let token = scanner.scan(); token !== Kind.EndOfFile; token = scanner.scan()) {
    const divides = before !== undefined && VALUES.has(before);
    if ((token === Kind.SlashToken || token === Kind.SlashEqualsToken) && !divides) {
      token = scanner.reScanSlashToken();
      // Behind a word that is also a name (`start / 1000`) it was a division: those have no closing slash on their line.
      if (/^\/.+\/[a-z]*$/.test(scanner.getTokenText()))
        yield { expression: scanner.getTokenText(), at: scanner.getTokenStart() };
    }
    if (token === Kind.TemplateHead || token === Kind.OpenBraceToken) open.push(token);
    if (token === Kind.CloseBraceToken) {
      if (open.at(-1) === Kind.TemplateHead) {
        token = scanner.reScanTemplateToken(false);
        if (token === Kind.TemplateTail) open.pop();
      } else open.pop();
    }
    before = token;
  }
}
