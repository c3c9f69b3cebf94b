import { expect, test } from 'vitest';
import { surroundings } from '../../bin/surroundings';

test('what variables say', () => {
  expect(surroundings({})).toEqual({});
  expect(surroundings({ STSCTL_CLOCK: '', STSCTL_SEED: '' })).toEqual({});
  expect(surroundings({ STSCTL_CLOCK: 'virtual', STSCTL_SEED: '7' })).toEqual({ clock: 'virtual', seed: 7 });
  expect(surroundings({ STSCTL_CLOCK: 'wall' })).toEqual({ clock: 'wall' });
});

test('a mistyped one is not passed over', () => {
  expect(() => surroundings({ STSCTL_CLOCK: 'virtuel' })).toThrow(
    'invalid value "virtuel" of STSCTL_CLOCK: must be wall or virtual',
  );
  for (const seed of ['-1', '1.5', 'x', '9'.repeat(16)])
    expect(() => surroundings({ STSCTL_SEED: seed })).toThrow(
      `invalid value "${seed}" of STSCTL_SEED: must be a whole number`,
    );
});
