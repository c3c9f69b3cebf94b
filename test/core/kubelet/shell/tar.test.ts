/** tar in a container: what it packs can be unpacked anywhere. */
import { describe, expect, it } from 'vitest';
import type { ProgramContext } from '../../../../src/core/kubelet/shell/program';
import { tar } from '../../../../src/core/kubelet/shell/programs/tar';

const NOTICE = "tar: Removing leading `/' from member names\n";

/** What the library's own tar would be asked for, and what is said. */
async function asked(line: string): Promise<readonly [string, string]> {
  let words = '';
  const original = async (args: readonly string[]) => {
    words = args.join(' ');
    return { stdout: '', stderr: '', exitCode: 0 };
  };
  const { stderr } = await tar(line.split(' '), { original } as unknown as ProgramContext);
  return [words, stderr];
}

describe('tar', () => {
  it.each([
    ['cf - /tmp/a', 'cf - -C / tmp/a'],
    ['-c -f - /tmp/a /b', '-c -f - -C / tmp/a b'],
    ['-czf out.tgz -C /tmp /etc', '-czf out.tgz -C / -C / etc'],
    ['--create --file=x.tar --directory=/tmp /', '--create --file=x.tar --directory=/ -C / .'],
    ['cf - -- /-x', 'cf - -C / -x'],
  ])('takes the slash from %s', async (line, words) => {
    expect(await asked(line)).toEqual([words, NOTICE]);
  });

  it.each(['cf - a', 'cf - -C /tmp a', 'xf - -C /tmp', 'tf /tmp/a.tar', 'cPf - /tmp/a', 'cf - /tmp/a b'])(
    'leaves %s as it is',
    async (line) => {
      expect(await asked(line)).toEqual([line, '']);
    },
  );
});
