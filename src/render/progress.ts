/** What a long wait waits for, as a spinner on a terminal and as nothing at all in a pipe. */

export interface Progress {
  /** Shows `text` in place of what stood there. */
  update(text: string): void;
  /** Takes the spinner away; later updates are ignored. */
  stop(): void;
}

export interface ProgressStream {
  readonly isTTY: boolean;
  readonly stream: NodeJS.WritableStream & { readonly columns?: number };
}

/**
 * A spinner on `io` when that is a terminal whose width is known: ora would never come to the end of a line of none. It is loaded
 * in the background, so nobody waits for it.
 */
export function progress(io: ProgressStream, color: boolean): Progress {
  if (!io.isTTY || io.stream.columns === 0) return { update: () => {}, stop: () => {} };
  let latest = '';
  let stopped = false;
  let spinner: { text: string; stop(): unknown } | undefined;
  void import('ora').then(({ default: ora }) => {
    if (stopped) return;
    spinner = ora({ text: latest, stream: io.stream, color: color ? 'cyan' : false, discardStdin: false }).start();
  });
  return {
    update(text) {
      latest = text;
      if (spinner && !stopped) spinner.text = text;
    },
    stop() {
      stopped = true;
      spinner?.stop();
    },
  };
}
