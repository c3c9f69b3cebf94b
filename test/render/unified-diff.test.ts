import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/render/unified-diff';

const diff = (before: string, after: string): string =>
  unifiedDiff({ path: 'LIVE/x', text: before }, { path: 'MERGED/x', text: after }, 'T');

test('writes what diff -u writes', () => {
  expect(diff('a\nb\n', 'a\nb\n')).toBe('');
  expect(diff('a\n', 'b\n')).toBe('--- LIVE/x\tT\n+++ MERGED/x\tT\n@@ -1 +1 @@\n-a\n+b\n');
  expect(diff('', 'a\nb\n')).toBe('--- LIVE/x\tT\n+++ MERGED/x\tT\n@@ -0,0 +1,2 @@\n+a\n+b\n');
  expect(diff('a\nb\n', '')).toBe('--- LIVE/x\tT\n+++ MERGED/x\tT\n@@ -1,2 +0,0 @@\n-a\n-b\n');
  expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\n5\n6\n7\n8\nx\n9\n')).toBe(
    '--- LIVE/x\tT\n+++ MERGED/x\tT\n@@ -6,4 +6,5 @@\n 6\n 7\n 8\n+x\n 9\n',
  );
});
