import type { Hex } from '../../component/src/core/index.ts';

/** A signature that no key has made: for tests of everything around it. */
export const SIGNATURE: Hex = `0x${'ab'.repeat(64)}1b`;
