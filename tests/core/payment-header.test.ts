import { describe, expect, it } from 'vitest';
import {
  MAX_HEADER_LENGTH,
  newPaymentId,
  type PaymentRequired,
  paymentHeader,
  quote,
  type SignedPayment,
} from '../../component/src/core/index.ts';
import { SIGNATURE } from '../support/signature.ts';
import { decode, ENTRY_V2, PAYEE, PAYER, parsedTerms, RESOURCE, v1 } from '../support/terms.ts';

const PAYMENT: SignedPayment = {
  authorization: {
    from: PAYER.address,
    to: PAYEE,
    value: 10_000n,
    validAfter: 0n,
    validBefore: 1_750_000_300n,
    nonce: `0x${'01'.repeat(32)}`,
  },
  signature: SIGNATURE,
  paymentId: 'pay_0123456789abcdef',
};
const PAYLOAD = {
  signature: SIGNATURE,
  authorization: {
    from: PAYER.address,
    to: PAYEE,
    value: '10000',
    validAfter: '0',
    validBefore: '1750000300',
    nonce: `0x${'01'.repeat(32)}`,
  },
};

const headerFor = (required: PaymentRequired) =>
  paymentHeader(required, quote(required).requirements, PAYMENT);
const v2With = (more: object, change: object = {}) => parsedTerms([change], more);
const bulky = (size: number) => ({ bazaar: { info: { text: 'x'.repeat(size) } } });

describe('the v1 header', () => {
  it('has scheme and network in the server’s words', () => {
    const { name, value } = headerFor(v1());
    expect(name).toBe('X-PAYMENT');
    expect(decode(value)).toEqual({
      x402Version: 1,
      scheme: 'exact',
      network: 'base-sepolia',
      payload: PAYLOAD,
    });
  });
});

describe('the v2 header', () => {
  it('echoes entry, resource and extensions as they were sent', () => {
    const { name, value } = headerFor(v2With({ extensions: bulky(10) }, { extra: { later: '₮' } }));
    expect(name).toBe('PAYMENT-SIGNATURE');
    expect(decode(value)).toEqual({
      x402Version: 2,
      accepted: { ...ENTRY_V2, extra: { later: '₮' } },
      payload: PAYLOAD,
      resource: RESOURCE,
      extensions: bulky(10),
    });
  });

  it('has no resource and no extensions where the server had none', () => {
    expect(decode(headerFor(v2With({ resource: null })).value)).toEqual({
      x402Version: 2,
      accepted: ENTRY_V2,
      payload: PAYLOAD,
    });
  });

  it('is made of the newest terms, around the same signature', () => {
    const [before, after] = [{ a: 1 }, { a: 2 }].map((extensions) =>
      decode(headerFor(v2With({ extensions })).value),
    );
    expect(before.payload).toEqual(after.payload);
    expect([before.extensions, after.extensions]).toEqual([{ a: 1 }, { a: 2 }]);
  });
});

describe('the payment identifier', () => {
  const extensionsOf = (extensions: unknown) => decode(headerFor(v2With({ extensions })).value).extensions;

  it('is added where it is asked for, beside what is there', () => {
    expect(
      extensionsOf({ 'payment-identifier': { info: { required: true }, schema: {} }, other: { info: 1 } }),
    ).toEqual({
      'payment-identifier': { info: { required: true, id: 'pay_0123456789abcdef' }, schema: {} },
      other: { info: 1 },
    });
    expect(extensionsOf({ 'payment-identifier': {} })).toEqual({
      'payment-identifier': { info: { id: 'pay_0123456789abcdef' } },
    });
  });

  it('is left as it is where the server has set it, or where there is no place for it', () => {
    for (const extension of [{ info: { id: 'the server’s' } }, null, [], 'x'])
      expect(extensionsOf({ 'payment-identifier': extension })).toEqual({ 'payment-identifier': extension });
  });

  it('replaces an info that is no object, which could hold none', () => {
    expect(extensionsOf({ 'payment-identifier': { info: [] } })).toEqual({
      'payment-identifier': { info: { id: 'pay_0123456789abcdef' } },
    });
  });

  it('is fresh for each purchase and within the limits of the extension', () => {
    const ids = Array.from({ length: 50 }, newPaymentId);
    for (const id of ids) expect(id).toMatch(/^pay_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(50);
  });
});

describe('a header that would be too long', () => {
  const identifier = { 'payment-identifier': { info: { required: true } } };

  it('leaves out other extensions and the resource, and keeps the payment identifier', () => {
    const { value } = headerFor(v2With({ extensions: { ...bulky(9_000), ...identifier } }));
    expect(value.length).toBeLessThanOrEqual(MAX_HEADER_LENGTH);
    expect(decode(value)).toEqual({
      x402Version: 2,
      accepted: ENTRY_V2,
      payload: PAYLOAD,
      extensions: { 'payment-identifier': { info: { required: true, id: 'pay_0123456789abcdef' } } },
    });
  });

  it('leaves out all extensions when the identifier itself is too long', () => {
    const extensions = { 'payment-identifier': { info: { text: 'x'.repeat(9_000) } } };
    expect(decode(headerFor(v2With({ extensions })).value)).toEqual({
      x402Version: 2,
      accepted: ENTRY_V2,
      payload: PAYLOAD,
    });
  });

  it('is 8,192 characters at the most', () => {
    const lengths = [0, 1, 2, 3, 4, 5].map(
      (more) => headerFor(v2With({ extensions: bulky(5_321 + more) })).value.length,
    );
    expect(lengths).toContain(8192);
    expect(Math.max(...lengths)).toBe(8192);
  });

  it('never happens to terms that a quote takes', () => {
    const note = 'x'.repeat(4_710 - 4 - 3);
    const longest = v2With({ extensions: { ...bulky(3_000), ...identifier } }, { note });
    expect(headerFor(longest).value.length).toBeLessThanOrEqual(MAX_HEADER_LENGTH);
  });
});
