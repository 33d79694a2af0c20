import { describe, expect, it } from 'vitest';
import {
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parsePaymentRequiredPage,
} from '../../component/src/core/index.ts';
import { ENTRY_V1, ENTRY_V2, encode, RESOURCE, termsHeader, thrownBy, v1, v2 } from '../support/terms.ts';

const UNREADABLE = 'PaymentRequired.UnreadableTermsError';
const body = (terms: unknown) => parsePaymentRequiredBody(JSON.stringify(terms));

describe('v2 terms from a header', () => {
  it('are read in full', () => {
    expect(
      parsePaymentRequiredHeader(termsHeader([ENTRY_V2], { extensions: { bazaar: { info: {} } } })),
    ).toEqual({
      x402Version: 2,
      error: 'Payment required',
      resource: { url: 'https://paper.example/article', description: 'An article' },
      sentResource: RESOURCE,
      accepts: [
        {
          x402Version: 2,
          scheme: 'exact',
          network: 'eip155:84532',
          amount: 10_000n,
          asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
          payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
          maxTimeoutSeconds: 300,
          extra: { name: 'USDC', version: '2' },
          sent: ENTRY_V2,
        },
      ],
      unreadable: [],
      extensions: { bazaar: { info: {} } },
    });
  });

  it('need no resource, error, extra or extensions', () => {
    const { extra: _, ...bare } = ENTRY_V2;
    const required = parsePaymentRequiredHeader(encode({ x402Version: 2, accepts: [bare] }));
    expect(required).toMatchObject({ error: null, resource: null, sentResource: null, extensions: null });
    expect(required.accepts[0]?.extra).toEqual({});
  });

  it('take null for nothing', () => {
    const header = termsHeader([{ ...ENTRY_V2, extra: null }], {
      error: null,
      resource: null,
      extensions: null,
    });
    const required = parsePaymentRequiredHeader(header);
    expect(required).toMatchObject({ error: null, resource: null, extensions: null });
    expect(required.accepts[0]?.sent['extra']).toBeNull();
  });

  it('keep unknown fields for the echo', () => {
    expect(v2({ later: { addition: [1] } }).accepts[0]?.sent).toEqual({
      ...ENTRY_V2,
      later: { addition: [1] },
    });
  });

  it('are frozen, so that what was judged is what is signed', () => {
    const entry = v2().accepts[0];
    for (const part of [entry, entry?.sent, entry?.extra]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('may offer nothing but a sign-in', () => {
    expect(parsePaymentRequiredHeader(termsHeader([]))).toMatchObject({ accepts: [], unreadable: [] });
  });

  it('without a readable description or url have none', () => {
    const described = (resource: unknown) =>
      parsePaymentRequiredHeader(encode({ x402Version: 2, resource, accepts: [] })).resource;
    expect(described({ url: 'https://a.example' })).toEqual({ url: 'https://a.example', description: null });
    expect(described({ description: 'x' })).toBeNull();
    expect(described({ url: `https://a.example/${'x'.repeat(4096)}` })).toBeNull();
  });

  it.each([
    ['*', 'The header is not valid base64 text.', ''],
    [encode([]), 'This should be an object.', ''],
    [encode({}), '“x402Version” should be 1 or 2.', 'x402Version'],
    [encode({ x402Version: 'two', accepts: [] }), '“x402Version” should be 1 or 2.', 'x402Version'],
    [encode({ x402Version: true, accepts: [] }), '“x402Version” should be 1 or 2.', 'x402Version'],
    [encode({ x402Version: 3, accepts: [] }), '“x402Version” should be 1 or 2.', 'x402Version'],
    [encode({ x402Version: 2 }), '“accepts” should be a list.', 'accepts'],
    [encode({ x402Version: 2, accepts: 'x' }), '“accepts” should be a list.', 'accepts'],
    [encode({ x402Version: 2, accepts: null }), '“accepts” should be a list.', 'accepts'],
  ])('%# are refused as a whole, saying where', async (header, sentence, path) => {
    expect(await thrownBy(() => parsePaymentRequiredHeader(header))).toMatchObject({
      name: UNREADABLE,
      message: `This site's payment terms can't be read. ${sentence}`,
      path,
    });
  });
});

describe('an entry that can’t be read', () => {
  const AMOUNT = 'a whole number in digits';
  it.each([
    [{ scheme: null }, 'scheme', 'a text of 1 to 128 characters'],
    [{ scheme: 'x'.repeat(129) }, 'scheme', 'a text of 1 to 128 characters'],
    [{ network: '' }, 'network', 'a text of 1 to 128 characters'],
    [{ network: {} }, 'network', 'a text of 1 to 128 characters'],
    [{ network: 'x'.repeat(129) }, 'network', 'a text of 1 to 128 characters'],
    [{ amount: '' }, 'amount', AMOUNT],
    [{ amount: '-1' }, 'amount', AMOUNT],
    [{ amount: 0.5 }, 'amount', AMOUNT],
    [{ amount: '1e4' }, 'amount', AMOUNT],
    [{ amount: 1e21 }, 'amount', AMOUNT],
    [{ amount: -10_000 }, 'amount', AMOUNT],
    [{ amount: 2 ** 53 }, 'amount', AMOUNT],
    [{ amount: '', maxAmountRequired: '1000000' }, 'amount', AMOUNT],
    [{ maxAmountRequired: '1000000' }, 'amount', 'the only price there'],
    [{ asset: undefined }, 'asset', 'a text of 1 to 128 characters'],
    [{ payTo: {} }, 'payTo', 'a text of 1 to 128 characters'],
    [{ maxTimeoutSeconds: 0 }, 'maxTimeoutSeconds', 'a whole number of at least 1'],
    [{ maxTimeoutSeconds: '6e1' }, 'maxTimeoutSeconds', 'a whole number of at least 1'],
    [{ maxTimeoutSeconds: 60.5 }, 'maxTimeoutSeconds', 'a whole number of at least 1'],
    [{ extra: [1] }, 'extra', 'an object'],
    [{ extra: 'USDC' }, 'extra', 'an object'],
  ])('is listed with its reason, and the others are kept: %j', (change, field, expected) => {
    const required = v2({}, change, { amount: '7' });
    expect(required.accepts.map(({ amount }) => amount)).toEqual([10_000n, 7n]);
    const path = `accepts[1].${field}`;
    expect(required.unreadable).toEqual([{ index: 1, path, reason: `“${path}” should be ${expected}.` }]);
  });

  it('may be no object at all', () => {
    const required = parsePaymentRequiredHeader(termsHeader([null, 'x', [], ENTRY_V2]));
    expect(required.unreadable.map(({ path }) => path)).toEqual(['accepts[0]', 'accepts[1]', 'accepts[2]']);
    expect(required.accepts).toHaveLength(1);
  });

  it('is one that names two different prices, and not one that names the same twice', () => {
    expect(v2({ maxAmountRequired: '10000' }).accepts).toHaveLength(1);
    expect(v1({ amount: '10000' }).accepts).toHaveLength(1);
    expect(v1({ amount: '1' }).unreadable[0]?.path).toBe('accepts[0].maxAmountRequired');
  });
});

describe('v1 terms from a body', () => {
  it('are read in the words of v2', () => {
    expect(v1()).toEqual({
      x402Version: 1,
      error: 'Payment required',
      resource: { url: 'https://paper.example/article', description: 'An article' },
      sentResource: null,
      accepts: [
        {
          x402Version: 1,
          scheme: 'exact',
          network: 'eip155:84532',
          amount: 10_000n,
          asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
          payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
          maxTimeoutSeconds: 60,
          extra: { name: 'USDC', version: '2' },
          sent: ENTRY_V1,
        },
      ],
      unreadable: [],
      extensions: null,
    });
  });

  it('keep a network name that is not known', () => {
    expect(v1({ network: 'base-goerli' }).accepts[0]?.network).toBe('base-goerli');
  });

  it('may have their price under the name of v2, when there is no other', () => {
    expect(v1({ maxAmountRequired: undefined, amount: '1' }).accepts[0]?.amount).toBe(1n);
    expect(v1({ maxAmountRequired: '', amount: '1' }).unreadable[0]?.path).toBe(
      'accepts[0].maxAmountRequired',
    );
  });

  it('without entries have no resource, and no extensions ever', () => {
    expect(body({ x402Version: 1, accepts: [], extensions: { a: 1 }, resource: RESOURCE })).toMatchObject({
      resource: null,
      sentResource: null,
      extensions: null,
    });
  });

  it.each([
    '',
    'Payment required',
    '<html>x402Version</html>',
    '[{"x402Version":1}]',
    '{"error":"pay"}',
    '"x402Version"',
  ])('are not in %j', (text) => expect(parsePaymentRequiredBody(text)).toBeNull());

  it('may come after blanks', () => {
    expect(
      parsePaymentRequiredBody(`\n ${JSON.stringify({ x402Version: 1, accepts: [] })}`)?.x402Version,
    ).toBe(1);
  });

  it('that are broken are refused', async () => {
    expect(await thrownBy(() => parsePaymentRequiredBody('{"x402Version":1'))).toMatchObject({
      name: UNREADABLE,
    });
    expect(
      await thrownBy(() => parsePaymentRequiredBody('{"x402Version":1,"accepts":[],"accepts":[]}')),
    ).toMatchObject({
      name: UNREADABLE,
      path: 'accepts',
    });
  });
});

describe('terms from window.x402', () => {
  it('are v2’s paymentRequired', () => {
    const page = { paymentRequired: { x402Version: 2, accepts: [ENTRY_V2] }, testnet: true, currentUrl: 'x' };
    expect(parsePaymentRequiredPage(page)?.accepts[0]?.amount).toBe(10_000n);
  });

  it('are v1’s paymentRequirements, one or a list', () => {
    for (const paymentRequirements of [ENTRY_V1, [ENTRY_V1]])
      expect(parsePaymentRequiredPage({ paymentRequirements, amount: 0.01 })).toMatchObject({
        x402Version: 1,
        error: null,
        accepts: [{ amount: 10_000n, network: 'eip155:84532' }],
      });
  });

  it.each([[null], [undefined], ['x402'], [{}], [{ amount: 1 }], [7]])('are not in %j', (page) => {
    expect(parsePaymentRequiredPage(page)).toBeNull();
  });

  it.each([
    [{ paymentRequired: 1 }],
    [{ paymentRequired: { x402Version: 2, accepts: () => [] } }],
    [{ paymentRequirements: [() => 1] }],
  ])('%# that can’t be read are refused', async (page) => {
    expect(await thrownBy(() => parsePaymentRequiredPage(page))).toMatchObject({ name: UNREADABLE });
  });
});
