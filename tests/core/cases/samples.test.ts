import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  ALL_NETWORKS,
  asInteger,
  asObject,
  asString,
  decide,
  nothingPayableInWords,
  offersOf,
  type Policy,
  quote,
  signInChallenge,
  termsOfAnswer,
} from '../../../component/src/core/index.ts';

const FOLDER = fileURLToPath(new URL('./samples/', import.meta.url));
const OPTIONS = { networks: ALL_NETWORKS };
/** What a reader has who has changed nothing but to let every site be paid. */
const POLICY: Policy = {
  paused: false,
  autoPay: 100_000n,
  dayBudget: 2_000_000n,
  anySite: true,
  allowedSites: [],
};

/** The answer of a sample, as `termsOfAnswer` takes it. */
function answerOf(file: string) {
  const sample = asObject(JSON.parse(readFileSync(FOLDER + file, 'utf8')), 'sample');
  const { status, headers, body } = asObject(sample['response'], 'response');
  const named = asObject(headers, 'headers');
  return {
    status: asInteger(status, 'status', 100),
    header: (name: string) => (named[name] === undefined ? null : asString(named[name], name, 65_536)),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function readSample(file: string) {
  const found = termsOfAnswer(answerOf(file));
  if (found === null) throw new Error(`${file} has no terms.`);
  return found;
}

/** Where the terms were, what is paid in which token, and the decision of `decide` for the address `url`. */
function decided(file: string, url = 'https://seller.example/') {
  const { required, evidence } = readSample(file);
  const offer = quote(required, OPTIONS);
  const context = {
    site: new URL(url).origin,
    url,
    evidence,
    resourceUrl: required.resource?.url ?? null,
    wallet: 'ready' as const,
    paidBefore: false,
  };
  const { outcome, ...verdict } = decide(offer, POLICY, 0n, context);
  const reasons = 'reasons' in verdict ? verdict.reasons : [];
  return [
    `v${required.x402Version} ${evidence}`,
    `${offer.requirements.amount} ${offer.asset.symbol} on ${offer.network.name}`,
    outcome,
    ...reasons,
  ];
}

/** Why nothing of a sample can be paid: the codes of its offers, and the words that a person reads. */
function refused(file: string) {
  const { required } = readSample(file);
  const { best, unpayable } = offersOf(required, OPTIONS);
  expect(best).toBeNull();
  return { reasons: unpayable.map(({ reason }) => reason), words: nothingPayableInWords(required, OPTIONS) };
}

describe('samples of deployed servers', () => {
  test('01: v2 in the body alone, with v1’s network name, is paid', () => {
    expect(decided('01-v2-body-only-v1-network-name.json', 'https://seller.example/dpe')).toEqual([
      'v2 body',
      '1000 USDC on Base',
      'allow',
    ]);
  });

  test('01: v1’s network name is echoed as it was sent', () => {
    const { required } = readSample('01-v2-body-only-v1-network-name.json');
    expect(quote(required, OPTIONS).requirements.sent).toMatchObject({ network: 'base', amount: '1000' });
  });

  test('03: v1 on Solana is named, not paid', () => {
    expect(refused('03-v1-solana-caip2-many-header-names.json')).toEqual({
      reasons: ['network'],
      words: 'The network “Solana” is not known here.',
    });
  });

  test('04: http in the terms of an https address is the same resource; two dollars are asked about', () => {
    expect(decided('04-v1-http-resource-behind-tls.json', 'https://host-1.example/v1/agents/indigo')).toEqual(
      ['v1 body', '2000000 USDC on Base', 'ask', 'above-threshold'],
    );
  });

  test('07: v2 without a resource, valid for 30 seconds, is paid', () => {
    expect(decided('07-v2-no-resource-30-seconds.json')).toEqual([
      'v2 header',
      '10000 USDC on Base',
      'allow',
    ]);
  });

  test('08: v2 without extra and resource, beside a sign-in that can’t be read, is paid', () => {
    expect(decided('08-v2-no-extra-no-resource-siwx.json')).toEqual([
      'v2 header',
      '50000 USDC on Base',
      'allow',
    ]);
  });

  test('10: an hour of validity and an empty extra (a monetization gateway) are paid', () => {
    expect(
      decided('10-v2-cloudflare-monetization-gateway.json', 'https://seller.example/premium-data'),
    ).toEqual(['v2 header', '25000 USDC on Base', 'allow']);
  });

  test('11: the same price under both names, in body and header, is paid', () => {
    expect(decided('11-v2-both-amount-fields.json', 'https://seller.example/v1/search?q=test')).toEqual([
      'v2 header',
      '2000 USDC on Base',
      'allow',
    ]);
  });

  test('13: a wrong name of the token, and ten seconds, are refused with words', () => {
    expect(refused('13-v1-article-wrong-domain-10-seconds.json')).toEqual({
      reasons: ['domain'],
      words: 'The site calls the name of USDC “USDC Coin”; it is “USD Coin”.',
    });
  });

  test('14: v1 with a large outputSchema is paid', () => {
    expect(decided('14-v1-large-outputschema.json', 'https://host-2.example/api/trueCast')).toEqual([
      'v1 body',
      '100000 USDC on Base',
      'allow',
    ]);
  });

  test('15: prepaid credits that are used up are an ordinary 402', () => {
    expect(termsOfAnswer(answerOf('15-not-x402-prepaid-credits.json'))).toBeNull();
  });

  test('16: the word x402 in an object of another shape is an ordinary 402', () => {
    expect(termsOfAnswer(answerOf('16-x402-word-but-own-shape.json'))).toBeNull();
  });

  test('17: x402 beside two challenges of another protocol is paid', () => {
    expect(decided('17-ghost-paid-md-dual-rail.json', 'https://publication.example/a-paid-post.md')).toEqual([
      'v2 header',
      '100000 USDC on Base',
      'allow',
    ]);
  });

  test('18: a header that is JSON text is paid', () => {
    expect(decided('18-v2-header-is-raw-json.json', 'https://seller.example/read')).toEqual([
      'v2 header',
      '10000 USDC on Base Sepolia',
      'allow',
    ]);
  });

  test('21: a sign-in and nothing to pay is read as one', () => {
    const { required } = readSample('21-v2-siwx-only.json');
    expect(required).toMatchObject({ accepts: [], unreadable: [] });
    const at = Date.parse('2026-11-20T10:01:00.000Z');
    expect(signInChallenge(required, 'https://seller.example/jobs/1', at)).toMatchObject({
      domain: 'seller.example',
      nonce: 'a1b2c3d4e5f60718',
    });
  });

  test('22: Base is paid beside Solana and a challenge of another protocol', () => {
    expect(decided('22-v2-base-and-solana-with-mpp.json', 'https://api.zerion.example/v1/wallets')).toEqual([
      'v2 header',
      '10000 USDC on Base',
      'allow',
    ]);
  });

  test('24: terms below FastAPI’s detail are paid', () => {
    expect(decided('24-v1-fastapi-detail-wrapper.json', 'https://seller.example/v1/report')).toEqual([
      'v1 body',
      '10000 USDC on Base',
      'allow',
    ]);
  });

  test('every sample has a test', () => {
    const source = readFileSync(fileURLToPath(import.meta.url), 'utf8');
    expect(readdirSync(FOLDER).filter((file) => !source.includes(`'${file}'`))).toEqual([]);
  });
});
