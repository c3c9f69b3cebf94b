/** Histories for tests: seconds since the beginning, written by hand. */
import type { TimelineEvent, Transition } from '../../../src/core/reports/timeline';
import type { EventRow, History } from '../../../src/render/timeline/types';

export const START = Date.UTC(2026, 0, 1);
export const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

/** `0 create web-0 web-aaa` a line; times in seconds. */
export const transitions = (text: string): TimelineEvent[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [time, event, pod = '', revision = ''] = line.trim().split(/\s+/);
      return { time: at(Number(time)), event: event as Transition, namespace: 'default', pod, revision };
    });

export const history = (text: string, seconds: number, more: Partial<History> = {}): History => ({
  now: START + seconds * 1000,
  transitions: transitions(text),
  marks: [],
  claims: [],
  revisions: [],
  events: [],
  ...more,
});

/** Two pods, updated from the second to the first after a quiet hour; the last one gets stuck. */
export const update = (more: Partial<History> = {}): History =>
  history(
    `0 create web-0 web-aaa
     2 ready web-0 web-aaa
     2 create web-1 web-aaa
     4 ready web-1 web-aaa
     3604 terminate web-1 web-aaa
     3606 delete web-1 web-aaa
     3606 create web-1 web-bbb
     3608 ready web-1 web-bbb
     3608 terminate web-0 web-aaa
     3610 delete web-0 web-aaa
     3610 create web-0 web-bbb`,
    3620,
    {
      marks: [{ time: at(3611), kind: 'pod', event: 'start', namespace: 'default', name: 'web-0', after: 11 }],
      revisions: [
        { namespace: 'default', name: 'web-bbb', number: 2, created: at(3604), images: ['nginx:1.22'], cause: 'newer' },
        { namespace: 'default', name: 'web-aaa', number: 1, created: at(0), images: ['nginx:1.21'] },
        { namespace: 'default', name: 'other-ccc', number: 1, created: at(0), images: ['other:1'] },
      ],
      ...more,
    },
  );

export const event = (name: string, seconds: number, message: string, more: Partial<EventRow> = {}): EventRow => ({
  namespace: 'default',
  kind: 'Pod',
  name,
  type: 'Normal',
  reason: 'Started',
  message,
  count: 1,
  first: at(seconds),
  last: at(seconds),
  source: 'kubelet',
  ...more,
});

/** Texts that would like to be more than texts. */
export const HOSTILE: readonly string[] = [
  '</script><script>window.pwned = 1</script>',
  '"><img src=x onerror="window.pwned = 2">',
  "'><svg/onload=window.pwned=3>",
  '<!--<script>',
  ']]></style></title></text><script>window.pwned = 4</script>',
  'javascript:window.pwned=5',
  '\u2028window.pwned = 6\u2029',
  '\u202egnp.exe \u05e9\u05dc\u05d5\u05dd \u200f',
  '\u001b]0;title\u0007\u001b[2J\u009b31m\r\b',
  '\ud800 half \u0000 zero',
  '__proto__',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template, were it ever taken for one
  '${window.pwned = 7}`',
  'x'.repeat(100_000),
];
