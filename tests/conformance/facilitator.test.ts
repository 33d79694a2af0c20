import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { address } from '../support/arbitraries.ts';
import { type Buyer, newBuyer, type Signed, sign } from '../support/buyer.ts';
import { decode, ENTRY_V1, ENTRY_V2, v1, v2 } from '../support/terms.ts';

// Every payment that the core makes is one that the official facilitator takes, on a real chain.

const PATIENCE = 120_000;
let world: World;
let buyer: Buyer;

beforeAll(async () => {
  world = await startWorld();
  buyer = await newBuyer(world, 10n ** 15n);
});

afterAll(() => world?.stop());

const terms = fc.record({
  amount: fc.oneof(fc.bigInt(1n, 100_000n), fc.bigInt(1n, 10n ** 12n)).map(String),
  payTo: address,
  maxTimeoutSeconds: fc.integer({ min: 20, max: 31_536_000 }),
  lower: fc.boolean(),
});

const versions = {
  v1: ({ amount, ...rest }: Change) => ({
    entry: { ...ENTRY_V1, ...rest, maxAmountRequired: amount },
    parse: v1,
  }),
  v2: (change: Change) => ({ entry: { ...ENTRY_V2, ...change }, parse: v2 }),
} as const;

type Change = { amount: string; payTo: string; maxTimeoutSeconds: number; asset: string };

async function ask(path: '/verify' | '/settle', { header }: Signed, paymentRequirements: object) {
  const paymentPayload = decode(header.value);
  const response = await fetch(world.facilitatorUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ x402Version: paymentPayload.x402Version, paymentPayload, paymentRequirements }),
  });
  return response.json();
}

describe.each(['v1', 'v2'] as const)('the official facilitator, %s', (version) => {
  const made = async ({ lower, ...change }: Omit<Change, 'asset'> & { lower: boolean }) => {
    const asset = lower ? ENTRY_V2.asset.toLowerCase() : ENTRY_V2.asset;
    const { entry, parse } = versions[version]({ ...change, asset });
    return { entry, signed: await sign({ required: parse(entry), evidence: 'header' }, buyer) };
  };

  it(
    'verifies every payment',
    async () => {
      const run = fc.asyncProperty(terms, async (change) => {
        const { entry, signed } = await made(change);
        expect(await ask('/verify', signed, entry)).toMatchObject({ isValid: true, payer: buyer.address });
      });
      await fc.assert(run, { numRuns: 150, seed: 402 });
    },
    PATIENCE,
  );

  it(
    'settles them, for exactly the amount and to the payee',
    async () => {
      const run = fc.asyncProperty(terms, async (change) => {
        const { entry, signed } = await made(change);
        const { success, transaction } = await ask('/settle', signed, entry);
        expect(success).toBe(true);
        const moved = (await world.transfers({ from: buyer.address })).at(-1);
        expect(moved).toMatchObject({ value: BigInt(change.amount), transaction });
        expect(moved?.to.toLowerCase()).toBe(change.payTo.toLowerCase());
      });
      await fc.assert(run, { numRuns: 20, seed: 402 });
    },
    PATIENCE,
  );
});
