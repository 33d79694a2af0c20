import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  offersOf,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
} from '../../../component/src/core/index.ts';
import { QUOTING } from '../../../extension/background/quoting.ts';
import { ENTRY_V1, ENTRY_V2, encode, RESOURCE } from '../../support/terms.ts';

const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

/** Names that no signature covers, with whatever a server may put there. */
const unsigned = (names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, json])), { requiredKeys: [] });

/** What is signed of the offer that would be paid; null when there is none. */
function signedOf(header: string) {
  return signedIn(parsePaymentRequiredHeader(header));
}

function signedIn(required: ReturnType<typeof parsePaymentRequiredHeader> | null) {
  const { best = null } = required === null ? {} : offersOf(required, QUOTING);
  if (best === null) return null;
  const { amount, maxTimeoutSeconds } = best.requirements;
  return [best.network.id, best.asset.address, best.payTo, amount, maxTimeoutSeconds];
}

const terms = (change: object, more: object = {}) =>
  encode({ x402Version: 2, resource: RESOURCE, accepts: [{ ...ENTRY_V2, ...change }], ...more });
const CLEAN = signedOf(terms({}));

describe('what no signature covers', () => {
  test('never spoils a v2 offer, and never changes what is signed', () => {
    const entries = unsigned(['description', 'mimeType', 'outputSchema', 'resource', 'x', 'constructor']);
    const whole = unsigned(['error', 'resource', 'extensions', 'serviceName', 'paymentOptions', 'prototype']);
    fc.assert(
      fc.property(entries, whole, (change, more) => {
        expect(signedOf(terms(change, more))).toEqual(CLEAN);
      }),
      { numRuns: 500 },
    );
  });

  test('never spoils a v1 offer', () => {
    const entries = unsigned(['description', 'mimeType', 'outputSchema', 'resource', 'extensions', 'x']);
    const whole = unsigned(['error', 'payer', 'resource', 'extensions']);
    const body = (change: object, more: object) =>
      JSON.stringify({ x402Version: 1, accepts: [{ ...ENTRY_V1, ...change }], ...more });
    const clean = signedIn(parsePaymentRequiredBody(body({}, {})));
    fc.assert(
      fc.property(entries, whole, (change, more) => {
        expect(signedIn(parsePaymentRequiredBody(body(change, more)))).toEqual(clean);
      }),
      { numRuns: 500 },
    );
  });

  test('neither do entries of any kind beside it', () => {
    fc.assert(
      fc.property(fc.array(json), fc.array(json), (before, after) => {
        const header = encode({ x402Version: 2, accepts: [...before, ENTRY_V2, ...after] });
        expect(signedOf(header)).toEqual(CLEAN);
      }),
      { numRuns: 500 },
    );
  });

  test('nor how often the header was encoded', () => {
    const layer = fc.constantFrom<(text: string) => string>(
      (text) => Buffer.from(text).toString('base64'),
      (text) => JSON.stringify(text),
      encodeURIComponent,
      (text) => ` ${text} `,
    );
    const text = JSON.stringify({ x402Version: 2, accepts: [ENTRY_V2] });
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 4 }), (layers) => {
        expect(signedOf(layers.reduce((inner, wrap) => wrap(inner), text))).toEqual(CLEAN);
      }),
    );
  });
});

describe('what is signed', () => {
  test('is an exact amount, or the offer is refused', () => {
    const amounts = fc.oneof(json, fc.integer(), fc.double(), fc.bigInt(0n, 10n ** 20n).map(String));
    fc.assert(
      fc.property(amounts, (amount) => {
        const sent: unknown = JSON.parse(JSON.stringify({ amount })).amount;
        const isExact =
          (typeof sent === 'string' && /^\d{1,77}$/.test(sent)) ||
          (typeof sent === 'number' && Number.isSafeInteger(sent) && sent >= 0);
        const signed = signedOf(terms({ amount }));
        expect(signed?.[3] ?? null).toBe(isExact ? BigInt(String(sent)) : null);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is the payee, the token and the network to the letter, or the offer is refused', () => {
    const fields = fc.constantFrom('payTo', 'asset', 'network', 'scheme');
    const odd = fc.oneof(json, fc.string(), fc.constantFrom(`${ENTRY_V2.payTo} `, ENTRY_V2.payTo.slice(2)));
    fc.assert(
      fc.property(fields, odd, (field, value) => {
        expect([null, CLEAN]).toContainEqual(signedOf(terms({ [field]: value })));
      }),
      { numRuns: 1_000 },
    );
  });
});
