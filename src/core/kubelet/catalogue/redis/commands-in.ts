/** The commands in what a client of Redis has sent: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`, or `GET a\r\n` as somebody types it. */

const LINE_FEED = 10;
/** More than any client sends at once: what claims to be larger is no command. */
const MOST_WORDS = 1024 * 1024;

/** The command at an offset, and where the next begins; undefined while it is not whole. */
export function readCommand(
  input: Uint8Array,
  from: number,
): { readonly words: readonly string[]; readonly next: number } | undefined {
  const first = lineAt(input, from);
  if (!first) return undefined;
  if (!first.text.startsWith('*'))
    return { words: first.text.split(/\s+/).filter((word) => word !== ''), next: first.next };
  const count = Math.min(Number(first.text.slice(1)) || 0, MOST_WORDS);
  const words: string[] = [];
  let at = first.next;
  while (words.length < count) {
    const head = lineAt(input, at);
    if (!head) return undefined;
    const size = Number(head.text.slice(1));
    // What is no bulk string ends the command: the server answers to what was understood.
    if (!head.text.startsWith('$') || !Number.isInteger(size) || size < 0) return { words, next: head.next };
    if (head.next + size + 2 > input.length) return undefined;
    words.push(new TextDecoder().decode(input.subarray(head.next, head.next + size)));
    at = head.next + size + 2;
  }
  return { words, next: at };
}

function lineAt(input: Uint8Array, from: number): { readonly text: string; readonly next: number } | undefined {
  const end = input.indexOf(LINE_FEED, from);
  if (end < 0) return undefined;
  return { text: new TextDecoder().decode(input.subarray(from, end)).replace(/\r$/, ''), next: end + 1 };
}
