import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { face } from '../../component/src/locales/en-face.ts';
import type { Settings } from '../../component/src/paywall/gate.ts';
import type { Model } from '../../component/src/paywall/model.ts';
import type { PayerProvider } from '../../component/src/wallet/extension.ts';
import { challenge } from './support/terms.ts';

const SITE = 'https://a.test';
const noTerms = () => new Response('{}', { status: 402 });
const content = () => new Response('the rest', { headers: { 'Content-Type': 'text/plain' } });

// What publishers are told has tests of its own.
vi.mock('../../component/src/paywall/diagnose.ts', () => ({ diagnose: async () => {} }));

let page: EventTarget;

beforeEach(() => {
  vi.resetModules(); // A new page: nothing was bought, nobody has announced themselves.
  page = new EventTarget();
  vi.stubGlobal('window', page);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page));
  vi.stubGlobal('location', { origin: SITE });
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => challenge()),
  );
});

afterEach(() => vi.unstubAllGlobals());

function installExtension(provider: PayerProvider): void {
  const info = { name: 'Tuppence', icon: '', rdns: '', uuid: 'a' };
  page.addEventListener('x402:requestProvider', () =>
    page.dispatchEvent(new CustomEvent('x402:announceProvider', { detail: { info, provider } })),
  );
}

async function gateWith(onEvent: (event: Event) => void = () => {}, settings: Partial<Settings> = {}) {
  const { createGate } = await import('../../component/src/paywall/gate.ts');
  const screens: Model[] = [];
  const drawn: unknown[] = [];
  const events: string[] = [];
  const gate = createGate({
    show: (model) => screens.push(model),
    place: async (part) => void drawn.push(part === null ? null : part.kind),
    equip: () => {},
    settings: () => ({
      maxAmount: '10',
      payTo: '',
      wallet: null,
      fetch: (address, init) => fetch(address, init),
      face,
      language: null,
      ...settings,
    }),
    emit: (event) => {
      events.push(event.type);
      onEvent(event);
      return !event.defaultPrevented;
    },
  });
  return { gate, screens, drawn, events, states: () => screens.map(({ state }) => state) };
}

test('with the extension there, the unpaid look is its quote, and the press its fetch', async () => {
  const provider = { quote: vi.fn(async () => challenge()), fetch: vi.fn(async () => content()) };
  installExtension(provider);
  const { gate, states, events, drawn } = await gateWith();
  await gate.open(`${SITE}/p`);
  expect(provider.fetch).not.toHaveBeenCalled();
  await gate.press();
  expect(fetch).not.toHaveBeenCalled();
  expect(states()).toEqual(['checking', 'locked', 'confirming', 'unlocked']);
  expect(events).toEqual(['x402-quote', 'x402-pay', 'x402-paid']);
  expect(drawn).toEqual([null, 'text']);
});

test('a price that only the extension may read leaves a button without one', async () => {
  installExtension({ quote: async () => noTerms(), fetch: async () => noTerms() });
  const { gate, screens } = await gateWith();
  await gate.open('https://b.test/p');
  expect(screens.at(-1)).toMatchObject({ state: 'locked', button: 'Read on', quote: null });
  await gate.press();
  expect(screens.at(-1)).toMatchObject({ state: 'refused', status: 'Not paid. You can try again.' });
});

test('the same without the extension names the header that is missing', async () => {
  vi.mocked(fetch).mockImplementation(async () => noTerms());
  const { gate, screens } = await gateWith();
  await gate.open('https://b.test/p');
  expect(screens.at(-1)).toMatchObject({ state: 'unsupported', button: null });
  expect(screens.at(-1)?.status).toContain('Access-Control-Expose-Headers');
});

test('a page may stop the payment before anything is asked', async () => {
  const provider = { quote: async () => challenge(), fetch: vi.fn(async () => content()) };
  installExtension(provider);
  const { gate, screens } = await gateWith((event) => event.type === 'x402-pay' && event.preventDefault());
  await gate.open(`${SITE}/p`);
  await gate.press();
  expect(provider.fetch).not.toHaveBeenCalled();
  expect(screens.at(-1)).toMatchObject({ state: 'refused', button: 'Read on for 2¢' });
});

test('a second press while the first is busy does nothing', async () => {
  const provider = { quote: async () => challenge(), fetch: vi.fn(async () => content()) };
  installExtension(provider);
  const { gate } = await gateWith();
  await gate.open(`${SITE}/p`);
  await Promise.all([gate.press(), gate.press(), gate.press()]);
  expect(provider.fetch).toHaveBeenCalledOnce();
});

test('with nothing to pay with, the reader is told how, and no event says that a payment starts', async () => {
  const { gate, screens, events } = await gateWith();
  await gate.open(`${SITE}/p`);
  await gate.press();
  expect(screens.at(-1)).toMatchObject({ state: 'locked', extra: 'help' });
  expect(events).toEqual(['x402-quote', 'x402-error']);
});

test('an endpoint that fails can be asked again', async () => {
  vi.mocked(fetch).mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const { gate, states } = await gateWith();
  await gate.open(`${SITE}/p`);
  await gate.press();
  expect(states()).toEqual(['checking', 'error', 'checking', 'locked']);
});

test('an answer about an earlier address is not shown', async () => {
  let answerFirst = (_response: Response): void => {};
  vi.mocked(fetch).mockImplementationOnce(
    () =>
      new Promise((done) => {
        answerFirst = done;
      }),
  );
  const { gate, states, drawn } = await gateWith();
  const first = gate.open(`${SITE}/old`);
  await gate.open(`${SITE}/new`);
  answerFirst(content());
  await first;
  expect(states()).toEqual(['checking', 'checking', 'locked']);
  expect(drawn).toEqual([null, null]);
});

test('a price above max-amount is not paid, nor by a press', async () => {
  const provider = { quote: async () => challenge(), fetch: vi.fn(async () => content()) };
  installExtension(provider);
  const { gate, screens, events } = await gateWith(undefined, { maxAmount: '0.019' });
  await gate.open(`${SITE}/p`);
  await gate.press();
  expect(screens.at(-1)).toMatchObject({ state: 'unsupported', button: null });
  expect(screens.at(-1)?.status).toContain('2¢');
  expect(events).toEqual(['x402-error']);
  expect(provider.fetch).not.toHaveBeenCalled();
});

test('a payee that the page does not list is not paid', async () => {
  const { gate, screens } = await gateWith(undefined, { payTo: `0x${'11'.repeat(20)}` });
  await gate.open(`${SITE}/p`);
  expect(screens.at(-1)).toMatchObject({ state: 'unsupported', button: null });
});

test.each([{ maxAmount: 'a lot' }, { maxAmount: '' }, { payTo: 'me' }])(
  'a limit that can’t be read (%o) allows nothing',
  async (limits) => {
    const { gate, screens } = await gateWith(undefined, limits);
    await gate.open(`${SITE}/p`);
    expect(screens.at(-1)).toMatchObject({ state: 'unsupported', button: null });
  },
);

test('hidden terms are not paid where a limit is set, because they can’t be held against it', async () => {
  const provider = { quote: async () => noTerms(), fetch: vi.fn(async () => content()) };
  installExtension(provider);
  const { gate, screens } = await gateWith(undefined, { maxAmount: '1' });
  await gate.open('https://b.test/p');
  await gate.press();
  expect(screens.at(-1)?.state).toBe('unsupported');
  expect(provider.fetch).not.toHaveBeenCalled();
});

test('paying without a press happens through the extension only, and tells it not to ask', async () => {
  const provider = { quote: async () => challenge(), fetch: vi.fn(async () => content()) };
  const { gate, screens } = await gateWith();
  await gate.open(`${SITE}/p`);
  await gate.payQuietly();
  expect(screens.at(-1)?.state).toBe('locked');
  installExtension(provider);
  await gate.payQuietly();
  expect(screens.at(-1)?.state).toBe('unlocked');
  expect(provider.fetch).toHaveBeenCalledWith(`${SITE}/p`, { method: 'GET', x402: { ask: false } });
});

test('a paywall without an address says so', async () => {
  const { gate, screens } = await gateWith();
  await gate.open(null);
  expect(screens.at(-1)?.state).toBe('unsupported');
  expect(fetch).not.toHaveBeenCalled();
});
