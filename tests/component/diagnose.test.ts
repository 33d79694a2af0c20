import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeBase64 } from '../../component/src/core/index.ts';
import { adviceOn, adviceOnContent, diagnoseOffer } from '../../component/src/paywall/diagnose.ts';
import { look, type Offer } from '../../component/src/paywall/look.ts';
import { challenge, terms } from './support/terms.ts';

const SITE = 'https://a.test';

beforeEach(() => {
  vi.stubGlobal('location', { origin: SITE, protocol: 'https:' });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const answer = (status: number, body: string, headers: Record<string, string> = {}) =>
  look(`${SITE}/p`, SITE, async () => new Response(body, { status, headers }));

async function adviceFor(body: string, headers: Record<string, string> = {}) {
  const seen = await answer(402, body, headers);
  if (seen.kind !== 'fault') throw new Error(`It was understood: ${seen.kind}`);
  return adviceOn({ ...seen.fault, detail: 'as the core says' } as typeof seen.fault, `${SITE}/p`);
}

const [v2] = terms().accepts;
const v1 = {
  scheme: 'exact',
  network: 'base-sepolia',
  maxAmountRequired: '20000',
  resource: `${SITE}/p`,
  asset: v2?.asset,
  payTo: v2?.payTo,
  maxTimeoutSeconds: 300,
};

test('version 1’s fields under version 2 are paid, and named, in the header and in the body', async () => {
  const mixed = JSON.stringify({ x402Version: 2, accepts: [v1] });
  diagnoseOffer((await answer(402, mixed)) as Offer);
  diagnoseOffer((await answer(402, '', { 'PAYMENT-REQUIRED': encodeBase64(mixed) })) as Offer);
  const said = vi.mocked(console.warn).mock.calls.filter(([words]) => /version 1’s fields/.test(words));
  expect(said).toHaveLength(2);
  expect(said[0]?.[0]).toContain('"network": "eip155:8453"');
});

test('version 2’s fields under version 1 are paid, and named', async () => {
  diagnoseOffer((await answer(402, JSON.stringify({ x402Version: 1, accepts: [v2] }))) as Offer);
  expect(console.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('version 2’s fields'));
});

test('terms that are no mix-up keep the core’s own sentence', async () => {
  const other = { ...v2, scheme: 'upto' };
  const { wrong } = await adviceFor(JSON.stringify({ x402Version: 2, accepts: [other] }));
  expect(wrong).toBe('as the core says');
});

test.each([
  [
    'version 2 in the body',
    async () => answer(402, JSON.stringify(terms())),
    'Version 2 terms came in the body',
  ],
  [
    'version 1 in the header',
    async () =>
      answer(402, '', {
        'PAYMENT-REQUIRED': encodeBase64(JSON.stringify({ x402Version: 1, accepts: [v1] })),
      }),
    'holds version 1 terms',
  ],
])('%s is paid, and its publisher is told', async (_what, ask, words) => {
  diagnoseOffer((await ask()) as Offer);
  expect(console.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(words));
});

test('terms that came as they should are nobody’s business', async () => {
  diagnoseOffer((await look(`${SITE}/p`, SITE, async () => challenge())) as Offer);
  expect(console.warn).not.toHaveBeenCalled();
});

test.each([
  ['text', 'text/plain', '<!doctype html><p>a', 'text/html'],
  ['text', 'text/plain', 'a < b', null],
  ['file', 'application/octet-stream', '', 'text/html'],
  ['file', '', '', 'Content-Disposition'],
  ['json', 'application/json', '', '<template>'],
  ['image', 'image/png', '', null],
] as const)('%s as “%s” starting with “%s”', (kind, type, start, fix) => {
  const advice = adviceOnContent(kind, type, start);
  if (fix === null) expect(advice).toBeNull();
  else expect(advice?.fix).toContain(fix);
});
