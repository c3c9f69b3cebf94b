/** The user's editor: which one it is, and opening a text in it (as kubectl's editor package). */
import { CommandError } from '../../core/client/errors';
import { notYet } from '../flags/spec';
import type { Host, ProgramPort } from '../host';

/** What the editor left behind. */
export interface Saved {
  readonly text: string;
  readonly path: string;
  readonly folder: string;
}

/** The programs that this host can run. @throws CommandError where it can run none */
export function programsOf(host: Host): ProgramPort {
  if (!host.programs) throw notYet('an editor here');
  return host.programs;
}

/**
 * Opens `text` in $KUBE_EDITOR, $EDITOR or vi, and returns it as it was saved.
 * @throws CommandError when the editor cannot be started or fails
 */
export async function openInEditor(host: Host, text: string, extension: string): Promise<Saved> {
  const programs = programsOf(host);
  const folder = programs.temporaryFolder('stsctl-edit-');
  const path = `${folder}/edit${extension}`;
  programs.write(path, text);
  const words = editorWords(host.env);
  const code = await programs.run(commandLine(words, path));
  const shown = JSON.stringify(words.join(' '));
  if (code !== 0) programs.remove(folder);
  // Only what is looked for along the PATH can be missing; a path that leads nowhere is a program that failed.
  if (code === undefined && !words[0].includes('/')) throw new CommandError(`unable to launch the editor ${shown}`);
  if (code !== 0) throw new CommandError(`there was a problem with the editor ${shown}`);
  return { text: new TextDecoder().decode(host.files.read(path)), path, folder };
}

/** The program and its arguments; what needs a shell to be understood is left to the shell. */
function editorWords(env: Host['env']): string[] {
  const editor = env.KUBE_EDITOR || env.EDITOR || 'vi';
  return /["'\\]/.test(editor) && editor.includes(' ')
    ? [env.SHELL || '/bin/bash', '-c', editor]
    : editor.split(' ').filter((word) => word !== '');
}

function commandLine(words: readonly string[], path: string): string[] {
  if (words.length !== 3 || words[1] !== '-c') return [...words, path];
  return [words[0], words[1], `${words[2]} ${JSON.stringify(path)}`];
}
