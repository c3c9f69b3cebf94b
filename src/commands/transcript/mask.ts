/**
 * Masks what no two clusters share (ages, times, addresses, generated ids), what is the kubelet's alone, and words that come
 * out of Go's own parsers. Whatever is left of an answer must be equal.
 */

/** What a command printed, and its exit code or the signal that ended it. */
export interface MaskedAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | string;
}

type Rule = readonly [RegExp, string | ((match: string) => string)];

const RULES: readonly Rule[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  // The addresses that manifests ask for, or that every cluster has, stay.
  [/\b10\.(?!96\.0\.1\b|96\.10\.10\b)\d+\.\d+\.\d+\b|\b192\.168\.\d+\.\d+\b/g, '<ip>'],
  [/(resourceVersion"?: ?)"\d+"/g, (match) => match.replace(/\d+/, '<rv>')],
  [
    /\b(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?\d{1,9}s\b|\b\d{1,9}d\d{1,9}h\b|\b(\d{1,9}y(\d{1,9}d)?|\d{1,9}h\d{1,9}m|\d{1,9}[dhm])(?=\s|$)/g,
    '<age>',
  ],
  [/<age> \(x(\d+) over <age>\)/g, '<age> (x$1)'],
  [/\b\d{2,5}:3\d{4}\/TCP/g, (match) => match.replace(/:3\d{4}/, ':<nodeport>')],
];

const isStructured = (command: string): boolean => /(-o ?|--output[= ])(yaml|json)\b/.test(command);

interface Statused {
  kind?: string;
  status?: unknown;
}

function parsedJson(text: string): (Statused & { items?: Statused[] }) | undefined {
  try {
    return JSON.parse(text) as Statused & { items?: Statused[] };
  } catch {
    return undefined;
  }
}

/** The status of pods is the kubelet's: it is not compared. */
function withoutPodStatus(text: string): string {
  if (/^\s*\{/.test(text)) {
    const parsed = parsedJson(text);
    if (!parsed) return text;
    for (const object of parsed.items ?? [parsed]) if (object.kind === 'Pod') delete object.status;
    return JSON.stringify(parsed, null, 1);
  }
  const kept: string[] = [];
  let podAt = -1;
  let skipping = -1;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (skipping >= 0 && (indent > skipping || indent < 0)) continue;
    skipping = -1;
    const kindAt = /^ *(- )?kind: /.test(line) ? line.indexOf('kind:') : -1;
    if (kindAt >= 0 && (podAt < 0 || kindAt <= podAt)) podAt = /kind: Pod$/.test(line) ? kindAt : -1;
    if (podAt >= 0 && indent === podAt && /^ *status:$/.test(line)) skipping = indent;
    else kept.push(line);
  }
  return kept.join('\n');
}

/** Of the events only the StatefulSet controller's are compared, in any order. */
function controllerEvents(text: string): string {
  const at = text.search(/^Events:/m);
  if (at < 0) return text;
  const rows = text
    .slice(at)
    .split('\n')
    .filter((line) => line.includes('statefulset-controller') && !line.includes('the object has been modified'))
    .map((line) => line.trim());
  return `${text.slice(0, at)}Events:\n${rows.sort().join('\n')}`;
}

/** Sentences that come out of Go's own parsers or formatters. */
function withoutForeignWords(text: string): string {
  if (/^Usage:$/m.test(text) && /^(Examples|Available Commands):$/m.test(text)) return '<help>\n';
  return text
    .replace(/yaml: line \d+: .*/g, 'yaml: line <n>: <reason>')
    .replace(/(object given to jsonpath engine was:)\n.*\n/g, '$1 <object>\n')
    .replace(/(patch: Invalid value: )"(?:[^"\\]|\\.)*"/g, '$1<value>')
    .replace(/(Forbidden: (?:pod updates|spec is immutable)[^\n]*)\n(?:\s*(?:! )?@@ [\s\S]*)/, '$1');
}

function mask(command: string, text: string): string {
  let masked = withoutForeignWords(text.replace(/\r/g, '').replace(/\bstsctl\b(?!\.dev)/g, 'kubectl'));
  if (isStructured(command)) masked = withoutPodStatus(masked);
  for (const [pattern, by] of RULES) {
    masked = typeof by === 'string' ? masked.replace(pattern, by) : masked.replace(pattern, by);
  }
  if (/\bdescribe pod/.test(command)) {
    masked = masked
      .replace(/^Events:[\s\S]*/m, '')
      .replace(
        /^(\s*(Container ID|Image ID|Started|Start Time|Node|Node-Selectors|Tolerations|Finished):).*$/gm,
        '$1 <kubelet>',
      )
      .replace(/^\s{20,}node\.kubernetes\.io.*\n/gm, '');
  } else {
    masked = controllerEvents(masked);
  }
  const lines = masked
    .split('\n')
    .map((line) => (isStructured(command) ? line : line.replace(/[ \t]{2,}/g, '  ')).trimEnd());
  if (/\brollout status\b/.test(command)) return statusLines(lines).join('\n').trim();
  return sortedVolumes(lines).join('\n').trim();
}

/** A watch may see one status or two between the same states, and begin before or after the controller's first look. */
function statusLines(lines: readonly string[]): string[] {
  const seen = lines.filter(
    (line, i) => !/: 0 out of|spec update to be observed/.test(line) && !(i === 0 && line.includes('to finish')),
  );
  const isWaiting = (line: string | undefined): boolean => /^Waiting for \d+ pods to be ready/.test(line ?? '');
  return seen.filter((line, i) => line !== seen[i - 1] && !(isWaiting(line) && isWaiting(seen[i - 1])));
}

/** Provisioned volumes sort by their generated names. */
function sortedVolumes(lines: readonly string[]): string[] {
  const isVolume = (line: string | undefined): boolean => /^(persistentvolume\/)?pvc-<uid>/.test(line ?? '');
  const from = lines.findIndex(isVolume);
  if (from < 0) return [...lines];
  let to = from;
  while (isVolume(lines[to])) to += 1;
  return [...lines.slice(0, from), ...lines.slice(from, to).sort(), ...lines.slice(to)];
}

/** One comparable text for what a command printed and how it ended. */
export function comparable(command: string, { stdout, stderr, code }: MaskedAnswer): string {
  const errors = stderr && `! ${mask(command, stderr).split('\n').join('\n! ')}`;
  return [mask(command, stdout), errors, code ? `= ${code}` : ''].filter(Boolean).join('\n');
}
