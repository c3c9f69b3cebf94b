/** What a server replies, and how the client shows it. */

export type Reply =
  | { readonly kind: 'status' | 'error' | 'text'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'bulk'; readonly value: string | null }
  | { readonly kind: 'array'; readonly items: readonly Reply[] };

export const OK: Reply = { kind: 'status', text: 'OK' };
export const NIL: Reply = { kind: 'bulk', value: null };
export const status = (text: string): Reply => ({ kind: 'status', text });
export const error = (text: string): Reply => ({ kind: 'error', text });
/** Shown as it is, on a terminal too. */
export const plain = (text: string): Reply => ({ kind: 'text', text });
export const integer = (value: number): Reply => ({ kind: 'integer', value });
export const bulk = (value: string | null): Reply => ({ kind: 'bulk', value });
export const array = (items: readonly (string | null)[]): Reply => ({ kind: 'array', items: items.map(bulk) });

/** As redis-cli shows a reply to a terminal (`formatted`) or to a program. Ends in a newline. */
export function render(reply: Reply, formatted: boolean): string {
  return `${(formatted ? pretty(reply, '') : raw(reply)).replace(/\n$/, '')}\n`;
}

function raw(reply: Reply): string {
  switch (reply.kind) {
    case 'integer':
      return String(reply.value);
    case 'bulk':
      return reply.value ?? '';
    case 'array':
      return reply.items.map(raw).join('\n');
    default:
      return reply.text.replaceAll('\r\n', '\n');
  }
}

function pretty(reply: Reply, indent: string): string {
  switch (reply.kind) {
    case 'integer':
      return `(integer) ${reply.value}`;
    case 'bulk':
      return reply.value === null ? '(nil)' : quoted(reply.value);
    case 'error':
      return `(error) ${reply.text}`;
    case 'array': {
      if (reply.items.length === 0) return '(empty array)';
      const width = String(reply.items.length).length;
      return reply.items
        .map((item, i) => {
          const label = `${String(i + 1).padStart(width)}) `;
          return `${i === 0 ? '' : indent}${label}${pretty(item, indent + ' '.repeat(label.length))}`;
        })
        .join('\n');
    }
    default:
      return reply.text.replaceAll('\r\n', '\n');
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

function quoted(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  const shown = bytes.map((byte) => {
    const character = String.fromCharCode(byte);
    return ESCAPES[character] ?? (byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : character);
  });
  return `"${shown.join('')}"`;
}

/** The same reply in the server's protocol (RESP2). */
export function wire(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'array':
      return `*${reply.items.length}\r\n${reply.items.map(wire).join('')}`;
    case 'bulk':
      return reply.value === null ? '$-1\r\n' : wireText(reply.value);
    default:
      return wireText(reply.text);
  }
}

const wireText = (text: string): string => `$${new TextEncoder().encode(text).length}\r\n${text}\r\n`;
