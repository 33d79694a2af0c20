import fc from 'fast-check';
import { isUndecided, resolve } from 'tuppence/core';
import { ledger } from '../../extension/background/ledger.ts';
import { newestIntents, undecidedIntents } from '../../extension/background/ledger-queries.ts';
import { closeDatabase, database } from '../../extension/storage/database.ts';
import { BUDGETS, type Death, type Fate, ModelWorld } from './model-world.ts';

type Command = fc.AsyncCommand<object, ModelWorld>;

const SITES = ['https://one.example', 'https://two.example', 'https://three.example'];
const PATHS = ['/a', '/b', '/c', '/d'];
const FATES: readonly Fate[] = ['settled', 'settled, answer lost', 'refused', 'silent', 'late'];
const DEATHS: readonly Death[] = [
  'never',
  'never',
  'never',
  'while signing',
  'before sending',
  'after sending',
];
const HOUR = 3_600_000;

function command(name: string, run: (world: ModelWorld) => Promise<unknown>): Command {
  return {
    check: () => true,
    toString: () => name,
    async run(_model, world) {
      await run(world);
      world.steps += 1;
      assertSafe(world);
    },
  };
}

const visit = fc
  .record({
    site: fc.constantFrom(...SITES),
    path: fc.constantFrom(...PATHS),
    price: fc.constantFrom(1n, 7n, 20n, 33n, 50n, 51n),
    fate: fc.constantFrom(...FATES),
    death: fc.constantFrom(...DEATHS),
    approved: fc.constantFrom(false, false, false, true),
  })
  .map(({ site, path, price, fate, death, approved }) =>
    command(`open ${site}${path} at ${price}: ${fate}, dies ${death}, agreed ${approved}`, async (world) => {
      await world.visit(site, path, price, fate, death, approved);
      if (death !== 'never') await closeDatabase(); // The next life of the background opens it anew.
    }),
  );

/** Tabs that open at once, several of them the same address. */
const together = fc
  .array(fc.tuple(fc.constantFrom(...SITES), fc.constantFrom(...PATHS), fc.constantFrom(...FATES)), {
    minLength: 2,
    maxLength: 6,
  })
  .map((tabs) =>
    command(`open at once ${tabs.join(' ')}`, (world) =>
      Promise.all(
        tabs.map(([site, path, fate], at) => world.visit(site, `${path}${at}`, 20n, fate, 'never', false)),
      ),
    ),
  );

const clock = fc
  .constantFrom(-40 * 24 * HOUR, -24 * HOUR, -HOUR, 60_000, HOUR, 24 * HOUR, 31 * 24 * HOUR)
  .map((by) =>
    command(`clock by ${by / HOUR} h`, async (world) => {
      world.now += by;
    }),
  );

const chainTime = fc.constantFrom(5n, 120n, 400n, 86_400n).map((by) =>
  command(`chain by ${by} s`, async (world) => {
    world.chainTime += by;
  }),
);

const settleLate = fc.nat({ max: 20 }).map((at) =>
  command(`a late settlement, number ${at}`, async (world) => {
    const signed = world.signed[at % Math.max(1, world.signed.length)];
    if (signed !== undefined) world.settle(signed);
  }),
);

const reach = fc.boolean().map((reachable) =>
  command(`chain reachable: ${reachable}`, async (world) => {
    world.reachable = reachable;
  }),
);

const check = fc.constant(command('the schedule asks the chain', resolveAll));

async function resolveAll(world: ModelWorld): Promise<void> {
  const chain = {
    fateOf: async (_: unknown, { nonce }: { readonly nonce: string }) => world.fateOf(nonce),
  };
  for (const intent of await undecidedIntents()) await resolve(intent, { ledger, chain });
}

/** What must hold after every step, whatever has happened. */
function assertSafe(world: ModelWorld): void {
  const money = world.signed.filter((one) => world.isMoney(one));
  const byItself = money.filter(({ asked }) => !asked);
  const sums = new Map<string, bigint>();
  const add = (key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount);
  for (const { day, site, amount } of byItself) {
    add(`day ${day}`, amount);
    add(`site ${day} ${site}`, amount);
    add(`month ${day.slice(0, 7)}`, amount);
  }
  const limits = { day: BUDGETS.dayBudget, site: BUDGETS.siteDayBudget, month: BUDGETS.monthBudget };
  for (const [key, sum] of sums)
    for (const [window, limit] of Object.entries(limits))
      if (key.startsWith(window) && sum > limit) throw new Error(`${key}: ${sum} of ${limit}`);
  for (const key of new Set(money.map((one) => one.key))) {
    const same = money.filter((one) => one.key === key);
    if (same.filter(({ used }) => !used).length > 1) throw new Error(`Two live authorizations for ${key}`);
    if (same.filter(({ asked }) => !asked).length > 1) throw new Error(`Paid twice by itself: ${key}`);
  }
}

/** Once the chain can be asked and every validity is over, ledger and chain agree on everything. */
async function assertAccounted(world: ModelWorld): Promise<void> {
  world.reachable = true;
  for (const { validBefore } of world.signed)
    if (validBefore > world.chainTime) world.chainTime = validBefore;
  await resolveAll(world);
  const intents = await newestIntents(100_000);
  const open = intents.filter(isUndecided);
  if (open.length > 0) throw new Error(`Undecided for ever: ${open.map(({ state }) => state)}`);
  const settled = intents.filter(({ state }) => state === 'settled');
  const receipts = new Set(settled.map(({ payment }) => payment?.authorization.nonce));
  const used = world.signed.filter((one) => one.used);
  for (const { nonce, key } of used)
    if (!receipts.has(nonce as `0x${string}`)) throw new Error(`Lost: ${key}`);
  if (settled.length !== used.length) throw new Error('A receipt for what was never paid.');
  const total = settled.reduce((sum, { terms }) => sum + terms.microUsd, 0n);
  const db = await database();
  let counted = 0n;
  for (const key of await db.getAllKeys('counters'))
    if (key.startsWith('day:')) counted += BigInt((await db.get('counters', key)) ?? '0');
  if (counted !== total) throw new Error(`Counted ${counted}, spent ${total}`);
}

/** Runs random sequences of everything that can happen. @returns how many steps that were. */
export async function runModel(runs: number, fresh: () => void, seed?: number): Promise<{ steps: number }> {
  let steps = 0;
  const all = fc.commands([visit, visit, visit, together, clock, chainTime, settleLate, reach, check], {
    maxCommands: 40,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(all, async (commands) => {
      await closeDatabase();
      fresh();
      const world = new ModelWorld();
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      await assertAccounted(world);
      steps += world.steps;
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
  return { steps };
}
