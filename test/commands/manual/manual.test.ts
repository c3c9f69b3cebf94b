/** The manual page: every command and flag is in it, and roff has nothing to say about it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { manualPage } from '../../../src/commands/manual';
import { paragraphs, roff } from '../../../src/commands/manual/roff';
import type { Entry, Verb } from '../../../src/commands/verb';
import { ENTRIES } from '../../../src/commands/verbs';

const FLAG = { name: 'dry-run', short: 'd', type: 'string', default: 'none', help: "Say 'no'." } as const;
const VERB: Verb = {
  usage: 'do it NAME',
  long: 'Does it.\n\n  a  1\n  b  2\n\nThen rests.',
  examples: '# Do it\nstsctl do it .x',
  flags: [FLAG, { ...FLAG, name: 'secret', hidden: true }, { ...FLAG, name: 'much-later', later: true }],
  run: async () => {},
};
const DO: Entry = {
  name: 'do',
  group: 'Basic Commands',
  summary: 'Do things',
  children: [{ name: 'it', aliases: ['that'], summary: 'Do it', load: async () => ({ verb: VERB }) }],
};

/** What a terminal of 80 columns shows; undefined where there is no groff. */
function rendered(page: string): { text: string; said: string } | undefined {
  const { error, stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-Kutf8', '-ww', '-P-cbou', '-rLL=80n'], {
    input: page,
    encoding: 'utf8',
  });
  return error ? undefined : { text: stdout, said: stderr };
}

describe('roff', () => {
  test('text stands for itself', () => {
    expect(roff(".a 'b' \\n -x `y` ~ ^ \"\n'c")).toBe(
      '\\&.a \\(aqb\\(aq \\en \\-x \\(gay\\(ga \\(ti \\(ha \\(dq\n\\(aqc',
    );
  });

  test('paragraphs stay apart, and indented lines as they are', () => {
    expect(paragraphs('One\ntwo\n\nThree:\n  a\n  b\n')).toBe(
      'One\ntwo\n.PP\nThree:\n.RS 4\n.nf\n  a\n  b\n.fi\n.RE\n',
    );
  });
});

test('a command as it is written', async () => {
  const page = await manualPage([DO]);
  const part = page.slice(page.indexOf('.SH BASIC COMMANDS'), page.indexOf('.SH ENVIRONMENT'));
  expect(part).toBe(`.SH BASIC COMMANDS
.SS stsctl do
stsctl do SUBCOMMAND [options]
.PP
Do things
.SS stsctl do it
stsctl do it NAME [options]
.PP
Does it.
.PP
.RS 4
.nf
  a  1
  b  2
.fi
.RE
.PP
Then rests.
.PP
Also: that.
.TP
\\fB\\-d\\fR, \\fB\\-\\-dry\\-run\\fR=\\fInone\\fR
Say \\(aqno\\(aq.
.PP
Examples:
.PP
.RS 4
.nf
# Do it
stsctl do it .x
.fi
.RE
`);
});

test('the whole page', async () => {
  const page = await manualPage(ENTRIES);
  const shown = rendered(page);
  const pathsOf = (entries: readonly Entry[], parent: string): string[] =>
    entries.flatMap((entry) => [
      `${parent} ${entry.name}`,
      ...pathsOf(entry.children ?? [], `${parent} ${entry.name}`),
    ]);
  const headings = [...page.matchAll(/^\.SS (.*)$/gm)].map(([, heading = '']) => heading.replaceAll('\\-', '-'));
  expect(headings.sort()).toEqual(pathsOf(ENTRIES, 'stsctl').sort());
  expect(await manualPage(ENTRIES)).toBe(page);
  if (!shown) return;
  expect(shown.said.split('\n').filter((line) => line !== '' && !/adjust|break/.test(line))).toEqual([]);
  const { text } = shown;
  expect(text).toContain('--current-replicas=-1\n');
  expect(text).toContain('# Give StatefulSet web five pods\n');
  // What stands in a line by itself is never taken for a request.
  expect(text).not.toMatch(/\\f[BIR]|\\\(/);
});
