import { describe, expect, test } from 'vitest';
import {
  ALL_NETWORKS,
  decide,
  MAX_JSON_LENGTH,
  MAX_VALIDITY_SECONDS,
  newAuthorization,
  nothingPayableInWords,
  outcomeOf,
  type PaymentRequired,
  type Policy,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  paymentHeader,
  quote,
} from '../../../component/src/core/index.ts';
import { QUOTING } from '../../../extension/background/quoting.ts';
import { SIGNATURE } from '../../support/signature.ts';
import {
  decode,
  ENTRY_V1,
  ENTRY_V2,
  encode,
  PAYEE,
  PAYER,
  RESOURCE,
  thrownBy,
  v1,
  v2,
} from '../../support/terms.ts';

/** The cases of deployed servers that are decided by reading alone. The others are in `e2e/cases-*`. */

const URL_OF_RESOURCE = RESOURCE.url;
const TERMS = { x402Version: 2, error: 'Payment required', resource: RESOURCE, accepts: [ENTRY_V2] };
const TERMS_V1 = { x402Version: 1, error: 'Payment required', accepts: [ENTRY_V1] };
const POLICY: Policy = {
  paused: false,
  autoPay: 100_000n,
  dayBudget: 2_000_000n,
  anySite: true,
  allowedSites: [],
};

/** The price, and why the reader is asked; no reasons when it is paid without a question. */
function decided(required: PaymentRequired, url = URL_OF_RESOURCE) {
  const offer = quote(required, QUOTING);
  const verdict = decide(offer, POLICY, 0n, {
    site: new URL(url).origin,
    url,
    evidence: 'header',
    resourceUrl: required.resource?.url ?? null,
    wallet: 'ready',
    paidBefore: false,
  });
  return [offer.requirements.amount, ...(verdict.outcome === 'ask' ? verdict.reasons : [])];
}

const PAID = [10_000n];
const fromBody = (value: unknown): PaymentRequired => {
  const required = parsePaymentRequiredBody(typeof value === 'string' ? value : JSON.stringify(value));
  if (required === null) throw new Error('It was taken for an ordinary 402.');
  return required;
};
const fromHeader = (value: unknown) => parsePaymentRequiredHeader(encode(value));
const entry = (change: object) => fromHeader({ ...TERMS, accepts: [{ ...ENTRY_V2, ...change }] });

describe('C02: a PAYMENT-REQUIRED header in another form', () => {
  const text = JSON.stringify(TERMS);
  const base64 = encode(TERMS);
  test.each([
    ['JSON text', text],
    ['JSON text after a blank', ` ${text}`],
    ['quoted JSON text', JSON.stringify(text)],
    ['percent-encoded JSON text', encodeURIComponent(text)],
    ['quoted base64', `"${base64}"`],
    ['percent-encoded base64', encodeURIComponent(base64)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['base64 of base64', Buffer.from(base64).toString('base64')],
    ['base64, twice', `${base64}, ${base64}`],
    ['JSON text, twice', `${text}, ${text}`],
    ['JSON text, then null', `${text}, null`],
    ['something unreadable, then base64', `nonsense!, ${base64}`],
    ['another object, then base64', `${encode({ a: 1 })},${base64}`],
  ])('is read and paid: %s', (_, header) => {
    expect(decided(parsePaymentRequiredHeader(header))).toEqual(PAID);
  });

  test.each([
    [
      'five times encoded',
      encodeURIComponent(
        encodeURIComponent(encodeURIComponent(encodeURIComponent(encodeURIComponent(text)))),
      ),
    ],
    ['broken percent-encoding', '%E0%A4%A'],
    ['a quoted number', '"402"'],
    ['two texts that are none', 'one, two'],
    ['two broken JSON texts', '{"a":, {"b"'],
    ['nothing', ''],
  ])('is unreadable: %s', async (_, header) => {
    expect(await thrownBy(() => parsePaymentRequiredHeader(header))).toMatchObject({
      name: 'PaymentRequired.UnreadableTermsError',
    });
  });
});

describe('C03: terms one level down in a body', () => {
  test.each([
    ['detail (FastAPI)', { detail: TERMS_V1 }],
    ['error', { error: TERMS_V1 }],
    ['x402', { x402: TERMS_V1, status: 402 }],
    ['a list around them', [TERMS_V1]],
    ['another name, beside objects of another kind', { ok: false, data: TERMS_V1, meta: { x402Version: 1 } }],
  ])('are read and paid: %s', (_, body) => expect(decided(fromBody(body))).toEqual(PAID));

  test('are read in a header too', () => {
    expect(decided(fromHeader({ detail: TERMS }))).toEqual(PAID);
  });

  test.each([
    ['two of them', { one: TERMS_V1, two: TERMS_V1 }],
    ['two levels down', { detail: { error: TERMS_V1 } }],
    ['without offers', { detail: { x402Version: 1 } }],
    ['without a version', { detail: { accepts: [ENTRY_V1], note: 'x402Version' } }],
  ])('are none: %s', (_, body) => {
    expect(parsePaymentRequiredBody(JSON.stringify(body))).toBeNull();
  });
});

describe('C04: v2 with a network’s name', () => {
  const MAINNET = {
    asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    extra: { name: 'USD Coin', version: '2' },
  };
  test.each(['base', 'Base', 'base-mainnet', 'BASE_MAINNET', '8453', 8453, 'eip155:8453'])(
    '%j is Base, and is echoed as it was sent',
    (network) => {
      const required = entry({ ...MAINNET, network });
      expect(decided(required)).toEqual(PAID);
      const offer = quote(required);
      expect(offer.network.id).toBe('eip155:8453');
      const payment = {
        authorization: newAuthorization(offer, PAYER.address, 1_000),
        signature: SIGNATURE,
        paymentId: 'p',
      };
      const header = paymentHeader(required, offer.requirements, payment);
      expect(decode(header.value).accepted.network).toBe(network);
    },
  );

  test.each(['base-goerli', 'mainnet', '08453', 8453.5, 'eip155:08453'])('%j is not known', (network) => {
    expect(nothingPayableInWords(entry({ ...MAINNET, network }), QUOTING)).not.toBe('');
  });
});

describe('C05: fields under other names', () => {
  const { amount: _, ...withoutAmount } = ENTRY_V2;
  test('v2 with maxAmountRequired alone is paid', () => {
    const accepts = [{ ...withoutAmount, maxAmountRequired: '10000' }];
    expect(decided(fromHeader({ ...TERMS, accepts }))).toEqual(PAID);
  });

  test('a v1 object in the v2 header is paid as v1', () => {
    const required = fromHeader(TERMS_V1);
    expect(decided(required)).toEqual(PAID);
    expect(quote(required).requirements.x402Version).toBe(1);
  });

  test.each(['paymentRequirements', 'payment_requirements', 'paymentOptions'])(
    'a list under %s is read where accepts can’t be, and is not there',
    (name) => {
      const { accepts, ...rest } = TERMS;
      expect(decided(fromHeader({ ...rest, [name]: accepts }))).toEqual(PAID);
      expect(decided(fromHeader({ ...rest, accepts: [{ price: '$0.01' }], [name]: accepts }))).toEqual(PAID);
      expect(decided(fromHeader({ ...rest, accepts: 'see below', [name]: accepts }))).toEqual(PAID);
      expect(decided(fromHeader({ ...rest, accepts: [], [name]: accepts }))).toEqual(PAID);
    },
  );

  test('accepts counts when it can be read, whatever a second list says', () => {
    const paymentRequirements = [{ ...ENTRY_V2, amount: '1' }];
    expect(decided(fromHeader({ ...TERMS, paymentRequirements }))).toEqual(PAID);
  });

  test('two different prices in one entry are nobody’s offer', () => {
    expect(nothingPayableInWords(entry({ maxAmountRequired: '20000' }))).toBe(
      '“accepts[0].amount” should be the only price there.',
    );
  });
});

describe('C06: large answers', () => {
  const schemaOf = (length: number) => ({ output: { constructor: { description: 'x'.repeat(length) } } });

  test.each([5_000, 60_000, 500_000])('v1 with %i characters of outputSchema is paid', (length) => {
    expect(decided(v1({ outputSchema: schemaOf(length) }))).toEqual(PAID);
  });

  test('a description of 17,000 characters, and properties named constructor and prototype, are paid', () => {
    const description = 'x'.repeat(17_000);
    expect(decided(v1({ description, outputSchema: { constructor: {}, prototype: {} } }))).toEqual(PAID);
    expect(decided(fromHeader({ ...TERMS, resource: { ...RESOURCE, description } }))).toEqual(PAID);
  });

  test('more than 32 entries are read, and the cheapest is paid', () => {
    const accepts = Array.from({ length: 200 }, (_, at) => ({ ...ENTRY_V2, amount: `${20_000 - at}` }));
    expect(decided(fromHeader({ ...TERMS, accepts }))).toEqual([19_801n]);
  });

  test('a megabyte is the end', async () => {
    const long = JSON.stringify({ ...TERMS_V1, note: 'x'.repeat(MAX_JSON_LENGTH) });
    expect(await thrownBy(() => parsePaymentRequiredBody(long))).toMatchObject({
      name: 'PaymentRequired.UnreadableTermsError',
    });
  });

  test('a v2 entry that is echoed is not longer than a header bears', () => {
    expect(nothingPayableInWords(entry({ note: 'x'.repeat(6_000) }))).toBe('The terms are too long.');
  });
});

describe('C12: numbers, texts and empty things in place of each other', () => {
  test.each([
    ['the amount as a number', { amount: 10_000 }],
    ['the time as a text', { maxTimeoutSeconds: '60' }],
    ['no time', { maxTimeoutSeconds: undefined }],
    ['extra as a list without items (PHP)', { extra: [] }],
    ['extra as null', { extra: null }],
    ['the token’s version as a number', { extra: { name: 'USDC', version: 2 } }],
  ])('%s is paid', (_, change) => expect(decided(entry(change))).toEqual(PAID));

  test('without a time a minute is signed', () => {
    const offer = quote(entry({ maxTimeoutSeconds: undefined }));
    expect(newAuthorization(offer, PAYER.address, 1_000).validBefore).toBe(1_060n);
  });

  test.each([
    ['x402Version as a text', { x402Version: '2' }],
    ['extensions as a list without items', { extensions: [] }],
    ['the resource as a text', { resource: URL_OF_RESOURCE }],
    ['accepts as one object', { accepts: ENTRY_V2 }],
  ])('%s is paid', (_, change) => expect(decided(fromHeader({ ...TERMS, ...change }))).toEqual(PAID));

  test('extensions that are no object are not echoed', () => {
    expect(fromHeader({ ...TERMS, extensions: [] }).extensions).toBeNull();
  });

  test.each([1.5, 1e21, -1, 2 ** 53, '1e4', '10000.0', '+10000', ' 10000', '0x10', '', true, null])(
    'an amount of %j is refused, in words that say what it should be',
    (amount) => {
      expect(nothingPayableInWords(entry({ amount }))).toBe(
        '“accepts[0].amount” should be a whole number in digits.',
      );
    },
  );

  test.each([0, -60, 60.5, '6e1', '-60', true])('a time of %j is refused', (maxTimeoutSeconds) => {
    expect(nothingPayableInWords(entry({ maxTimeoutSeconds }))).toBe(
      '“accepts[0].maxTimeoutSeconds” should be a whole number of at least 1.',
    );
  });
});

describe('C13: long validity', () => {
  test.each([3_600, 86_400, 31_536_000])(
    '%i seconds are paid without a question, and ten minutes are signed',
    (maxTimeoutSeconds) => {
      const required = entry({ maxTimeoutSeconds, extra: {} });
      expect(decided(required)).toEqual(PAID);
      const { validBefore } = newAuthorization(quote(required), PAYER.address, 1_000);
      expect(validBefore).toBe(1_000n + BigInt(MAX_VALIDITY_SECONDS));
    },
  );
});

describe('C14: a site that prices every file', () => {
  const spent = { day: 0n, siteDay: 0n, month: 0n, lastMinute: 10 };
  const context = {
    site: 'https://seller.example',
    url: 'https://seller.example/a.png',
    evidence: 'header',
    resourceUrl: null,
    wallet: 'ready',
    paidBefore: false,
    history: { spent, payees: [], highest: null },
  } as const;
  const policy = { ...POLICY, perMinute: 10, allowedSites: [context.site] };
  const verdict = (change: object) => decide(quote(v2()), policy, 0n, { ...context, ...change });

  test('the payments of a minute count pages, not the parts of a page that is allowed', () => {
    expect(verdict({})).toMatchObject({ outcome: 'ask', reasons: ['too-many'] });
    expect(verdict({ aside: true })).toMatchObject({ outcome: 'ask', reasons: ['too-many'] });
    expect(verdict({ aside: true, part: true })).toMatchObject({ outcome: 'allow' });
  });

  test('parts still need the site to be allowed by name, and the budgets', () => {
    const stranger = { ...policy, allowedSites: [] };
    const part = { ...context, aside: true, part: true };
    expect(decide(quote(v2()), stranger, 0n, part)).toMatchObject({ reasons: ['first-payment-here'] });
    expect(decide(quote(v2()), policy, 2_000_000n, part)).toMatchObject({ reasons: ['over-day-budget'] });
    expect(decide(quote(v2()), { ...policy, perMinute: null }, 0n, part)).toMatchObject({
      reasons: ['too-many'],
    });
  });
});

describe('C15: what the terms call the resource', () => {
  const asked = 'https://seller.example/shop/tea?kind=green';
  test.each([
    ['http for https', 'http://seller.example/shop/tea?kind=green'],
    ['a port that the proxy hides', 'http://seller.example:8080/shop/tea?kind=green'],
    ['a slash at its end', 'https://seller.example/shop/tea/'],
    ['the path alone', '/shop/tea'],
    ['no address at all', 'a cup of tea'],
    ['nothing', ''],
  ])('%s is the same resource, and paid', (_, url) => {
    expect(decided(fromHeader({ ...TERMS, resource: { url } }), asked)).toEqual(PAID);
  });

  test.each([
    ['another host', 'https://other.example/shop/tea'],
    ['another path', 'https://seller.example/shop/coffee'],
  ])('%s is asked about', (_, url) => {
    expect(decided(fromHeader({ ...TERMS, resource: { url } }), asked)).toEqual([10_000n, 'other-resource']);
  });
});

describe('C20: euros', () => {
  const EURC = { asset: '0x808456652fdb597867f38412077A9182bf77359F', extra: { name: 'EURC', version: '2' } };

  test('EURC first and USDC second: USDC is paid', () => {
    const required = v2({ ...EURC, amount: '9000' }, {});
    expect(decided(required)).toEqual(PAID);
    expect(quote(required).asset.symbol).toBe('USDC');
  });

  test('EURC alone is named, not taken for dollars', () => {
    expect(nothingPayableInWords(v2({ ...EURC, amount: '50000' }), QUOTING)).toBe(
      'It costs 0.05 EURC on Base Sepolia: euros. Only dollars are paid here.',
    );
  });
});

describe('C22: one bad offer among good ones', () => {
  test.each([
    ['no object', 'free'],
    ['a price that is none', { ...ENTRY_V2, amount: 'one cent' }],
    ['no payee', { ...ENTRY_V2, payTo: null }],
    ['an unknown scheme', { ...ENTRY_V2, scheme: 'upto', amount: '1' }],
    ['an unknown network', { ...ENTRY_V2, network: 'solana:mainnet', amount: '1' }],
    ['a mistyped payee', { ...ENTRY_V2, payTo: PAYEE.replace('b', 'B'), amount: '1' }],
  ])('spoils none of the others: %s', (_, bad) => {
    for (const accepts of [
      [bad, ENTRY_V2],
      [ENTRY_V2, bad],
    ])
      expect(decided(fromHeader({ ...TERMS, accepts }))).toEqual(PAID);
  });
});

describe('C23: receipts of other forms', () => {
  const HASH = `0x${'ab'.repeat(32)}`;
  const outcome = (settlement: string, status = 200) => outcomeOf({ status, settlement, hasTerms: false });

  test.each([
    ['txHash', encode({ success: true, txHash: HASH, networkId: '84532' })],
    ['transactionHash', encode({ success: true, transactionHash: HASH, network: '' })],
    ['JSON text', JSON.stringify({ success: true, transaction: HASH })],
    ['quoted base64', `"${encode({ success: true, transaction: HASH })}"`],
  ])('are read: %s', (_, settlement) => {
    expect(outcome(settlement)).toMatchObject({ state: 'settled', transaction: HASH, delivered: true });
  });

  test.each([
    ['the answer to a verification', encode({ isValid: true, payer: PAYER.address })],
    ['an object of its own', JSON.stringify({ receiptId: 'r-1', nonce: '7' })],
    ['a text', 'paid'],
    ['nothing', ''],
  ])('say nothing, so that the chain decides: %s', (_, settlement) => {
    expect(outcome(settlement)).toMatchObject({ state: 'unknown' });
  });
});

describe('C28: a wrong EIP-712 name, and little time', () => {
  test('the wrong name is refused with words', () => {
    expect(nothingPayableInWords(v2({ extra: { name: 'USDC Coin', version: '2' } }))).toBe(
      'The site calls the name of USDC “USDC Coin”; it is “USDC”.',
    );
  });

  test('ten seconds are refused with words, and twenty are signed in full from the moment of signing', () => {
    expect(nothingPayableInWords(v2({ maxTimeoutSeconds: 10 }))).toBe(
      'The site allows 10 s for the payment; 20 s is the least that is safe.',
    );
    const offer = quote(v2({ maxTimeoutSeconds: 20 }));
    expect(newAuthorization(offer, PAYER.address, 5_000).validBefore).toBe(5_020n);
  });
});

describe('zero', () => {
  test('an amount of nothing is an offer like any other', () => {
    expect(decided(entry({ amount: '0' }))).toEqual([0n]);
    expect(decided(entry({ amount: 0 }))).toEqual([0n]);
  });
});

describe('checksum', () => {
  const wrong = PAYEE.replace('b', 'B');
  test('a payee in mixed case with a wrong checksum is refused in our own words', () => {
    expect(nothingPayableInWords(entry({ payTo: wrong }), QUOTING)).toBe(
      `The payee’s address ${wrong} is mistyped: its capital letters don’t fit.`,
    );
  });

  test.each([PAYEE, PAYEE.toLowerCase(), `0x${PAYEE.slice(2).toUpperCase()}`])('%s is paid', (payTo) => {
    expect(decided(entry({ payTo }))).toEqual(PAID);
  });
});

test('ALL_NETWORKS is what the extension quotes by', () => expect(QUOTING.networks).toBe(ALL_NETWORKS));
