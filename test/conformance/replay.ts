/** Replays a recorded case against the built program, in a shell of its own, and compares every answer. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, normalise, normalisePodLog } from './normalise';

export const CASES = fileURLToPath(new URL('./cases', import.meta.url));
const BIN = fileURLToPath(new URL('../../bin/stsctl.js', import.meta.url));

type Step = { readonly settle: true } | { readonly settle?: false; readonly command: string; readonly answer: Answer };

/** `$ ` command, `| ` stdout, `! ` stderr, `= ` exit code, `@settle`. */
function parse(text: string): Step[] {
  const steps: { settle?: boolean; command: string; answer: { stdout: string; stderr: string; code: number } }[] = [];
  for (const line of text.split('\n')) {
    const step = steps.at(-1);
    const rest = line.slice(2);
    if (line.startsWith('@settle'))
      steps.push({ settle: true, command: '', answer: { stdout: '', stderr: '', code: 0 } });
    else if (line.startsWith('$ ')) steps.push({ command: rest, answer: { stdout: '', stderr: '', code: 0 } });
    else if (step && line.startsWith('| ')) step.answer.stdout += `${rest}\n`;
    else if (step && line.startsWith('! ')) step.answer.stderr += `${rest}\n`;
    else if (step && line.startsWith('= ')) step.answer.code = Number(rest);
  }
  return steps as Step[];
}

export function shell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Answer> {
  return new Promise((done) => {
    const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code, signal) => done({ stdout, stderr, code: signal ?? code ?? 0 }));
  });
}

/** A folder with `kubectl` and `stsctl` on its PATH, both the built program, over a fresh virtual cluster. */
export function workshop(source?: string): { folder: string; env: NodeJS.ProcessEnv; clean(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-test-'));
  if (source) cpSync(source, folder, { recursive: true });
  const shims = join(folder, '.bin');
  mkdirSync(shims);
  for (const name of ['kubectl', 'stsctl']) {
    writeFileSync(join(shims, name), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
  }
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${shims}:${process.env.PATH}`,
    STSCTL_STATE: join(folder, '.state.json'),
    STSCTL_CLOCK: 'virtual',
    TERM: 'dumb',
    NO_COLOR: '1',
  };
  delete env.KUBECONFIG;
  return { folder, env, clean: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Difference {
  readonly command: string;
  readonly real: string;
  readonly ours: string;
}

/** Changes what the commands of a case run; returns how to undo it. */
export type Setting = (folder: string, env: NodeJS.ProcessEnv) => Promise<() => Promise<void>>;

export async function replay(
  name: string,
  setting?: Setting,
): Promise<{ commands: number; differences: Difference[] }> {
  const source = join(CASES, name);
  const { folder, env, clean } = workshop(source);
  const own = join(source, 'env');
  if (existsSync(own)) {
    for (const line of readFileSync(own, 'utf8').split('\n')) {
      const at = line.indexOf('=');
      if (at > 0) env[line.slice(0, at)] = line.slice(at + 1);
    }
  }
  const differences: Difference[] = [];
  let commands = 0;
  const undo = await setting?.(folder, env);
  try {
    for (const step of parse(readFileSync(join(source, 'transcript'), 'utf8'))) {
      if (step.settle) {
        const { code, stderr } = await shell('stsctl sim clock settle', folder, env);
        if (code !== 0) differences.push({ command: '@settle', real: '', ours: stderr });
        continue;
      }
      commands += 1;
      const answer = await shell(step.command, folder, env);
      const [real, ours] = [normalise(step.command, step.answer), normalise(step.command, answer)];
      if (real !== ours) differences.push({ command: step.command, real, ours });
    }
    const { stdout } = await shell('stsctl sim timeline -o json', folder, env);
    const events = JSON.parse(stdout) as { event: string; namespace: string; pod: string; revision: string }[];
    const log = events.map(({ event, namespace, pod, revision }) => {
      const place = namespace === 'default' ? '' : `${namespace}/`;
      return `${event} ${place}${pod} ${event === 'create' ? revision || '-' : ''}`.trim();
    });
    const real = normalisePodLog(name, readFileSync(join(source, 'pods.log'), 'utf8'));
    const ours = normalisePodLog(name, log.join('\n'));
    if (real !== ours) differences.push({ command: 'pods.log', real, ours });
  } finally {
    await undo?.();
    clean();
  }
  return { commands, differences };
}
