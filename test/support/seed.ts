/**
 * Every property test plays the same random input each time, so that a failure belongs to the change that made it. STSCTL_TEST_LONG
 * plays other input each time; FUZZ_SEED begins where it says.
 */

import fc from 'fast-check';

export const LONG = Boolean(process.env.STSCTL_TEST_LONG);
const FIRST_SEED = 1;
const { FUZZ_SEED } = process.env;
const SEED = FUZZ_SEED === undefined ? (LONG ? undefined : FIRST_SEED) : Number(FUZZ_SEED);

if (SEED !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
