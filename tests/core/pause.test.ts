import { expect, it } from 'vitest';
import { type PaymentRequest, pay } from '../../component/src/core/index.ts';
import { PausedError } from '../../component/src/core/intent.ts';
import type { IntentChange, Ports } from '../../component/src/core/ports.ts';
import { scriptedPorts } from '../support/ports.ts';
import { v2 } from '../support/terms.ts';

const REQUEST: PaymentRequest = {
  purchase: {
    site: 'https://paper.example',
    url: 'https://paper.example/article',
    method: 'GET',
    bodyHash: null,
  },
  required: v2(),
  evidence: 'header',
  approved: false,
};

/** Ports whose ledger refuses to let a payment leave, as it does while payments are paused. */
function pausingAt(state: 'signed' | 'unknown', ports: Ports): Ports {
  const advance = async (id: string, change: IntentChange) => {
    if (change.state === 'sent') throw new PausedError(state);
    return ports.ledger.advance(id, change);
  };
  return { ...ports, ledger: { ...ports.ledger, advance } };
}

it('a pause that comes after the signature stops the payment, and gives back what was reserved', async () => {
  const { ports, log, intents } = scriptedPorts();
  expect(await pay(REQUEST, pausingAt('signed', ports))).toMatchObject({
    kind: 'refused',
    verdict: { outcome: 'deny', reason: 'paused' },
  });
  expect(log).toEqual(['reserve', 'sign', 'signed', 'expired']);
  expect(intents[0]?.state).toBe('expired');
});

it('a pause keeps what was sent before reserved: it may still take its money', async () => {
  const { ports, intents } = scriptedPorts({ answer: { status: 0, settlement: null, hasTerms: false } });
  await pay(REQUEST, ports);
  expect(await pay(REQUEST, pausingAt('unknown', ports))).toMatchObject({
    kind: 'refused',
    verdict: { reason: 'paused' },
  });
  expect(intents.map(({ state }) => state)).toEqual(['unknown']);
});

it('while payments are paused nothing is looked up, reserved or signed', async () => {
  const { ports, log } = scriptedPorts({ policy: { paused: true } });
  expect(await pay(REQUEST, ports)).toMatchObject({ kind: 'refused', verdict: { reason: 'paused' } });
  expect(log).toEqual([]);
});

it('the same thing may be bought again without asking once the reader’s time for that is over', async () => {
  let now = 1_750_000_000_000;
  const { ports, log } = scriptedPorts({
    now: () => now,
    policy: { repeatAfter: 60_000 },
    consent: 'refused',
  });
  await pay(REQUEST, ports);
  now += 59_999;
  expect(await pay(REQUEST, ports)).toMatchObject({ kind: 'refused' });
  expect(log.at(-1)).toBe('ask already-paid');
  now += 1;
  expect(await pay(REQUEST, ports)).toMatchObject({ kind: 'sent', intent: { state: 'settled' } });
  now -= 3_600_000; // A clock that was set back makes nothing repeatable.
  expect(await pay(REQUEST, ports)).toMatchObject({ kind: 'refused' });
});

it('a ledger that remembers is asked for all windows, and the decision is told with its figures', async () => {
  const told: string[] = [];
  const { ports } = scriptedPorts();
  const history = {
    spent: { day: 95_000n, siteDay: 1n, month: 2n, lastMinute: 0 },
    payees: [],
    highest: null,
  };
  const remembering: Ports = {
    ...ports,
    ledger: { ...ports.ledger, history: async () => history },
    decided: async (verdict, { spentToday }) => void told.push(`${verdict.reason} ${spentToday}`),
  };
  await pay(REQUEST, remembering);
  expect(told).toEqual(['over-day-budget 95000']);
});

it('a budget that was spent between the decision and the reservation is named by its own reason', async () => {
  const { ports, log } = scriptedPorts({ full: true, consent: 'refused' });
  let asked = 0;
  const spent = () => {
    asked += 1;
    return { day: 0n, siteDay: asked > 1 ? 10n ** 9n : 0n, month: 0n, lastMinute: 0 };
  };
  const ledger = { ...ports.ledger, history: async () => ({ spent: spent(), payees: [], highest: null }) };
  const policy = async () => ({ ...(await ports.policy()), siteDayBudget: 100_000n });
  await pay(REQUEST, { ...ports, ledger, policy });
  expect(log).toEqual(['reserve', 'ask over-site-budget']);
});

it('without a wallet, or on a site that is never paid, nothing is reserved and nobody is asked', async () => {
  const none = scriptedPorts({ wallet: 'none' });
  expect(await pay(REQUEST, none.ports)).toMatchObject({ kind: 'refused', verdict: { reason: 'no-wallet' } });
  const blocked = scriptedPorts({ policy: { sites: [{ site: 'https://paper.example', rule: 'never' }] } });
  expect(await pay(REQUEST, blocked.ports)).toMatchObject({ verdict: { reason: 'site-blocked' } });
  expect([...none.log, ...blocked.log]).toEqual([]);
});
