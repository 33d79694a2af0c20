import { beforeEach, expect, test, vi } from 'vitest';
import type { Browser } from 'wxt/browser';

/** The browser's session, which outlives a background that is stopped. */
const session = vi.hoisted(() => {
  const kept = new Map<string, unknown>();
  const area = {
    get: async (key: string) => (kept.has(key) ? { [key]: structuredClone(kept.get(key)) } : {}),
    set: async (values: object) => {
      for (const [key, value] of Object.entries(values)) kept.set(key, structuredClone(value));
    },
  };
  Object.assign(globalThis, { chrome: { runtime: { id: 'test' }, storage: { session: area } } });
  return kept;
});

const ADDRESS = 'https://shop.example/article';
const NOW = Date.now();

let payers: typeof import('../../../extension/background/own-payers.ts');

/** As the background starts. */
async function start(): Promise<void> {
  vi.resetModules();
  payers = await import('../../../extension/background/own-payers.ts');
  await payers.loadOwnPayers();
}

beforeEach(async () => {
  session.clear();
  await start();
});

function payment(nonce: string, kind: 'authorization' | 'permit2Authorization' = 'authorization'): string {
  const end = Math.floor(NOW / 1000) + 60;
  const signed = kind === 'authorization' ? { validBefore: `${end}` } : { deadline: `${end}` };
  return btoa(JSON.stringify({ x402Version: 2, payload: { [kind]: { nonce, ...signed } } }));
}

function leave(requestId: string, name: string, value: string, isDelivery = false): void {
  const details = { requestId, method: 'GET', url: `${ADDRESS}#part`, requestHeaders: [{ name, value }] };
  payers.noteOwnPayer(details as Browser.webRequest.OnSendHeadersDetails, isDelivery);
}

const isOpen = (now = NOW) => payers.mayBePaidByPage('GET', ADDRESS, now);

test.each([
  ['PAYMENT-SIGNATURE', payment('0x01')],
  ['X-PAYMENT', payment('0x01', 'permit2Authorization')],
  ['Authorization', `Payment ${payment('0x01')}`],
])('a payment of the page by %s is the page’s, until a minute after its end (audit 3)', (name, value) => {
  leave('1', name, value);
  expect(payers.isPaidByPage('1')).toBe(true);
  expect(isOpen(NOW + 100_000)).toBe(true);
  expect(isOpen(NOW + 121_000)).toBe(false);
});

test('one that can’t be read may settle for ten minutes (audit 3)', () => {
  leave('1', 'X-PAYMENT', 'nonsense');
  expect(payers.isPaidByPage('1')).toBe(true);
  expect(isOpen(NOW + 599_000)).toBe(true);
});

test('a sign-in of the page pays nothing', () => {
  leave('1', 'SIGN-IN-WITH-X', 'e30=');
  expect(payers.isPaidByPage('1')).toBe(true);
  expect(isOpen()).toBe(false);
});

test.each([
  ['in the same life of the background', async () => undefined],
  ['after the background was stopped', start],
])('a payment of ours that two requests carry is ours in both, %s', async (_, between) => {
  payers.noteOurs(payment('0xAB'));
  await vi.waitFor(() => expect(session.size).toBe(1), 30_000);
  await between();
  leave('1', 'PAYMENT-SIGNATURE', payment('0xab'), true);
  leave('2', 'PAYMENT-SIGNATURE', payment('0xab'));
  for (const id of ['1', '2']) expect(payers.isPaidByPage(id)).toBe(false);
  expect(isOpen()).toBe(false);
});

test('a request that was ours stays ours behind a redirect', () => {
  leave('1', 'SIGN-IN-WITH-X', 'ours', true);
  leave('1', 'SIGN-IN-WITH-X', 'ours');
  expect(payers.isPaidByPage('1')).toBe(false);
});

test('what a page has paid is known after the background was stopped (audit 3)', async () => {
  leave('1', 'PAYMENT-SIGNATURE', payment('0x01'));
  await vi.waitFor(() => expect(session.size).toBe(1), 30_000);
  await start();
  expect(payers.isPaidByPage('1')).toBe(true);
  expect(isOpen()).toBe(true);
});

test('a page that pays without end takes up no more than its share', async () => {
  for (let number = 0; number < 2_000; number += 1) leave(`${number}`, 'X-PAYMENT', payment(`0x${number}`));
  leave('last', 'X-PAYMENT', 'nonsense');
  await vi.waitFor(() => expect(JSON.stringify([...session.values()])).toContain('last'), 30_000);
  expect(JSON.stringify([...session.values()]).length).toBeLessThan(200_000);
  await start();
  expect(payers.isPaidByPage('last')).toBe(true);
});
