import { expect, test, vi } from 'vitest';
import { listen, parseAnnouncement } from '../../component/src/wallet/announcements.ts';
import { asEip1193Provider } from '../../component/src/wallet/discover.ts';
import { asPayerProvider, PAYER_EVENTS } from '../../component/src/wallet/extension.ts';

const info = { name: 'Tuppence', icon: '', rdns: 'test.tuppence', uuid: 'a' };
const provider = {
  quote: async () => new Response('quoted', { status: 402 }),
  fetch: async () => new Response('paid'),
};

function announcement(detail: unknown): Event {
  return new CustomEvent(PAYER_EVENTS.announce, { detail });
}

/** A window with a payer in it that answers each request with `details`. */
function pageWith(...details: unknown[]): EventTarget {
  const page = new EventTarget();
  page.addEventListener(PAYER_EVENTS.request, () => {
    for (const detail of details) page.dispatchEvent(announcement(detail));
  });
  return page;
}

test('an answer given at once is there when asking returns', async () => {
  const registry = listen(pageWith({ info, provider }), PAYER_EVENTS, asPayerProvider);
  registry.ask();
  const [payer] = registry.found();
  expect(payer?.info).toEqual(info);
  expect((await payer?.provider.quote('/p'))?.status).toBe(402);
});

test('a later answer is heard too, and nobody twice', () => {
  const page = new EventTarget();
  const registry = listen(page, PAYER_EVENTS, asPayerProvider);
  registry.ask();
  expect(registry.found()).toEqual([]);
  page.dispatchEvent(announcement({ info, provider }));
  page.dispatchEvent(announcement({ info: { ...info, name: 'Twin' }, provider }));
  page.dispatchEvent(announcement({ info: { ...info, uuid: 'b', name: 'Other' }, provider }));
  expect(registry.found().map((one) => one.info.name)).toEqual(['Tuppence', 'Other']);
});

test.each([
  ['nothing', undefined],
  ['no provider', { info }],
  ['half a provider', { info, provider: { quote: provider.quote } }],
  ['no name', { info: { ...info, name: '' }, provider }],
  ['a name as long as a page', { info: { ...info, name: 'x'.repeat(65) }, provider }],
  ['no id', { info: { ...info, uuid: 7 }, provider }],
  [
    'a trap',
    {
      get info() {
        throw new Error('trap');
      },
      provider,
    },
  ],
])('an announcement with %s is ignored', (_what, detail) => {
  expect(parseAnnouncement(announcement(detail), asPayerProvider)).toBeNull();
});

test('an event that carries nothing is ignored', () => {
  expect(parseAnnouncement(new Event(PAYER_EVENTS.announce), asPayerProvider)).toBeNull();
});

test('what a provider answers must be a response', async () => {
  const liar = asPayerProvider({ quote: async () => ({ ok: true }), fetch: async () => null });
  await expect(liar.quote('/p')).rejects.toThrow();
  await expect(liar.fetch('/p')).rejects.toThrow();
});

test('a provider is called on its own object', async () => {
  const wallet = {
    chain: '0x1',
    request: vi.fn(async function (this: { chain: string }) {
      return this.chain;
    }),
  };
  expect(await asEip1193Provider(wallet).request({ method: 'eth_chainId' })).toBe('0x1');
});
