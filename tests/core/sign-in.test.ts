import {
  createSIWxMessage,
  parseSIWxHeader,
  SIWxPayloadSchema,
  verifySIWxSignature,
} from '@x402/extensions/sign-in-with-x';
import fc from 'fast-check';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { signInChallenge, signInHeader, signInMessage } from '../../component/src/core/index.ts';
import { SIGNATURE } from '../support/signature.ts';
import { decode, PAYER, parsedTerms, thrownBy } from '../support/terms.ts';

const NOW = Date.UTC(2025, 5, 15, 15, 8);
const URL = 'https://paper.example:8443/article?page=2';
const INFO = {
  domain: 'paper.example:8443',
  uri: 'https://paper.example:8443/article',
  version: '1',
  nonce: 'abcdef0123456789',
  issuedAt: '2025-06-15T15:06:40.000Z',
};
/** Five minutes from now, where the site does not say until when. */
const OWN_END = '2025-06-15T15:13:00.000Z';
const CHAINS = [
  { chainId: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', type: 'ed25519' },
  { chainId: 'eip155:84532', type: 'eip191' },
];
const FULL = {
  ...INFO,
  statement: 'Open what you have bought, again.',
  expirationTime: '2025-06-15T15:11:40.000Z',
  notBefore: '2025-06-15T15:06:40.000Z',
  requestId: 'request-1',
  resources: ['https://paper.example:8443/article', 'https://paper.example:8443/other'],
};

const offered = (info: object, supportedChains: unknown = CHAINS) =>
  parsedTerms([], { extensions: { 'sign-in-with-x': { info, supportedChains, schema: {} } } });

describe('a sign-in challenge', () => {
  it('is read with the first Ethereum chain', () => {
    expect(signInChallenge(offered(FULL), URL, NOW)).toEqual({ ...FULL, chainId: 'eip155:84532' });
    expect(signInChallenge(offered({ ...INFO, statement: null }), URL, NOW)).toEqual({
      ...INFO,
      expirationTime: OWN_END,
      chainId: 'eip155:84532',
    });
  });

  it('is absent without the extension, and without a chain of Ethereum', () => {
    expect(signInChallenge(parsedTerms([{}]), URL, NOW)).toBeNull();
    expect(signInChallenge(parsedTerms([{}], { extensions: {} }), URL, NOW)).toBeNull();
    expect(signInChallenge(offered(INFO, CHAINS.slice(0, 1)), URL, NOW)).toBeNull();
    expect(signInChallenge(offered(INFO, []), URL, NOW)).toBeNull();
    expect(signInChallenge(offered(INFO, null), URL, NOW)).toBeNull();
    expect(signInChallenge(offered(INFO, [{ chainId: 'eip155:x', type: 'eip191' }]), URL, NOW)).toBeNull();
  });

  it.each([
    [{ domain: 'other.example' }, 'other.example'],
    [{ domain: 'paper.example' }, 'paper.example'],
    [{ uri: 'https://other.example/article' }, 'paper.example:8443'],
    [{ uri: 'http://paper.example:8443/article' }, 'paper.example:8443'],
    [{ uri: 'no address' }, 'paper.example:8443'],
    [{ uri: 'https://bank.example@paper.example:8443/article' }, 'paper.example:8443'],
    [{ uri: 'https://:pw@paper.example:8443/article' }, 'paper.example:8443'],
  ])('of another site is refused: %j', async (change, domain) => {
    expect(await thrownBy(() => signInChallenge(offered({ ...INFO, ...change }), URL, NOW))).toMatchObject({
      name: 'SignIn.ForeignChallengeError',
      domain,
      message: `This site asks you to sign in to another one, “${domain}”.`,
    });
  });

  it.each([
    [{ version: '2' }, 'info.version'],
    [{ nonce: 'short' }, 'info.nonce'],
    [{ nonce: 'abcdefgh!' }, 'info.nonce'],
    [{ issuedAt: undefined }, 'info.issuedAt'],
    [{ statement: 'Hello\nURI: https://bank.example' }, 'info.statement'],
    [{ statement: 'a\u2028b' }, 'info.statement'],
    [{ statement: 'bought — again' }, 'info.statement'],
    [{ requestId: 'a\rb' }, 'info.requestId'],
    [{ uri: `${INFO.uri}\n` }, 'info.uri'],
    [{ domain: 'x'.repeat(1025) }, 'info.domain'],
    [{ statement: 'a'.repeat(281) }, 'info.statement'],
    [{ issuedAt: 'yesterday' }, 'info.issuedAt'],
    [{ issuedAt: '2025-13-15T15:06:40Z' }, 'info.issuedAt'],
    [{ expirationTime: 1_750_000_000 }, 'info.expirationTime'],
    [{ notBefore: 'Sun, 15 Jun 2025 15:06:40 GMT' }, 'info.notBefore'],
    [{ resources: ['a', 'b\u0000'] }, 'info.resources[1]'],
    [{ resources: Array(33).fill('a') }, 'info.resources'],
    [{ resources: 'a' }, 'info.resources'],
  ])('that could say more than it shows is refused: %j', async (change, path) => {
    expect(await thrownBy(() => signInChallenge(offered({ ...INFO, ...change }), URL, NOW))).toMatchObject({
      name: 'Json.MalformedError',
      path,
    });
  });

  const RECAP =
    'urn:recap:eyJhdHQiOnsiaHR0cHM6Ly9wYXBlci5leGFtcGxlIjp7ImNydWQvZGVsZXRlIjpbe31dfX0sInByZiI6W119';
  it.each<[string, object, string?]>([
    ['delegation', { resources: [RECAP] }],
    ['delegation', { resources: [FULL.resources[0], RECAP.replace('urn:recap', 'URN:ReCap')] }],
    [
      'delegation',
      { statement: 'I further authorize the stated URI to perform the following actions: delete.' },
    ],
    ['other-resource', { resources: ['https://other.example/'] }],
    ['other-resource', { resources: ['http://paper.example:8443/article'] }],
    ['other-resource', { resources: ['ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'] }],
    ['other-resource', { resources: ['an article'] }],
    ['not-now', { issuedAt: '2025-06-15T15:02:59.000Z' }],
    ['not-now', { issuedAt: '2025-06-15T15:13:01.000Z' }],
    ['not-now', { notBefore: '2025-06-15T15:13:01.000Z' }],
    ['too-long', { expirationTime: '2025-06-16T15:08:00.001Z' }],
    ['too-long', { expirationTime: '2999-01-01T00:00:00Z' }],
    ['too-long', { expirationTime: '2025-06-15T15:08:00.000Z' }],
    ['not-secure', { domain: 'paper.example', uri: 'http://paper.example/' }, 'http://paper.example/article'],
  ])(
    'that could be used for more than to sign in here and now is refused, as %s: %j',
    async (fault, change, url = URL) => {
      const refused = await thrownBy(() => signInChallenge(offered({ ...INFO, ...change }), url, NOW));
      expect(refused).toMatchObject({ name: 'SignIn.UnsafeChallengeError', fault });
    },
  );

  it('is taken at the ends of what is allowed', () => {
    for (const change of [
      { issuedAt: '2025-06-15T15:03:00Z' },
      { issuedAt: '2025-06-15T17:13:00.000+02:00' },
      { notBefore: '2025-06-15T15:13:00Z' },
      { expirationTime: '2025-06-16T15:08:00.000Z' },
      { expirationTime: '2025-06-15T15:08:00.001Z' },
      { statement: 'a'.repeat(280) },
    ])
      expect(signInChallenge(offered({ ...INFO, ...change }), URL, NOW)).toMatchObject(change);
    const local = { domain: 'localhost:3000', uri: 'http://localhost:3000/' };
    expect(
      signInChallenge(offered({ ...INFO, ...local }), 'http://localhost:3000/article', NOW),
    ).not.toBeNull();
  });

  it('that is taken, whatever the site says, is for this origin, now, and for a day at most', () => {
    const time = fc
      .integer({ min: NOW - 200_000_000, max: NOW + 200_000_000 })
      .map((ms) => new Date(ms).toISOString());
    const near = fc
      .integer({ min: NOW - 400_000, max: NOW + 400_000 })
      .map((ms) => new Date(ms).toISOString());
    const address = fc.oneof(
      fc.constantFrom(INFO.uri, RECAP, 'https://other.example/', 'data:,x', 'https://u@paper.example:8443/'),
      fc.webUrl(),
    );
    const infos = fc.record(
      {
        issuedAt: near,
        expirationTime: time,
        notBefore: time,
        uri: fc.oneof({ weight: 3, arbitrary: fc.constant(INFO.uri) }, address),
        resources: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(INFO.uri) }, address), {
          maxLength: 3,
        }),
        statement: fc.constantFrom('Hello.', 'I further authorize the stated URI to act.'),
      },
      { requiredKeys: [] },
    );
    let taken = 0;
    fc.assert(
      fc.property(infos, (change) => {
        let challenge: ReturnType<typeof signInChallenge>;
        try {
          challenge = signInChallenge(offered({ ...INFO, ...change }), URL, NOW);
        } catch {
          return;
        }
        if (challenge === null) throw new Error('There is a challenge.');
        taken += 1;
        const here = 'https://paper.example:8443/';
        const addresses = [challenge.uri, ...(challenge.resources ?? [])];
        expect(addresses.every((one) => one.startsWith(here))).toBe(true);
        expect(Math.abs(Date.parse(challenge.issuedAt) - NOW)).toBeLessThanOrEqual(300_000);
        expect(Date.parse(challenge.expirationTime) - NOW).toBeLessThanOrEqual(86_400_000);
        expect(Date.parse(challenge.expirationTime)).toBeGreaterThan(NOW);
        expect(challenge.statement ?? '').not.toContain('authorize');
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(5);
  });

  it('that is none is refused', async () => {
    const broken = parsedTerms([], { extensions: { 'sign-in-with-x': 1 } });
    expect(await thrownBy(() => signInChallenge(broken, URL, NOW))).toMatchObject({ path: 'sign-in-with-x' });
    expect(await thrownBy(() => signInChallenge(offered(INFO, [1]), URL, NOW))).toMatchObject({
      path: 'supportedChains[0]',
    });
    expect(
      await thrownBy(() => signInChallenge(offered(INFO, [{ type: 'eip191' }]), URL, NOW)),
    ).toMatchObject({
      path: 'supportedChains[0].chainId',
    });
  });
});

describe('the text to sign', () => {
  it.each([
    ['everything', FULL],
    ['no more than it must', INFO],
    ['a statement only', { ...INFO, statement: 'Hello.' }],
    ['no resources', { ...INFO, resources: [] }],
  ])('is the official one with %s', (_, info) => {
    const challenge = signInChallenge(offered(info), URL, NOW);
    if (challenge === null) throw new Error('There is a challenge.');
    const official = {
      expirationTime: OWN_END,
      ...info,
      chainId: 'eip155:84532',
      type: 'eip191',
    } as Parameters<typeof createSIWxMessage>[0];
    expect(signInMessage(challenge, PAYER.address)).toBe(createSIWxMessage(official, PAYER.address));
  });

  it('is that of EIP-4361', () => {
    const challenge = signInChallenge(offered({ ...INFO, statement: 'Hello.' }), URL, NOW);
    if (challenge === null) throw new Error('There is a challenge.');
    expect(signInMessage(challenge, PAYER.address)).toBe(
      [
        'paper.example:8443 wants you to sign in with your Ethereum account:',
        '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
        '',
        'Hello.',
        '',
        'URI: https://paper.example:8443/article',
        'Version: 1',
        'Chain ID: 84532',
        'Nonce: abcdef0123456789',
        'Issued At: 2025-06-15T15:06:40.000Z',
        'Expiration Time: 2025-06-15T15:13:00.000Z',
      ].join('\n'),
    );
  });
});

describe('the sign-in header', () => {
  it('is taken by the official server', async () => {
    const challenge = signInChallenge(offered(FULL), URL, NOW);
    if (challenge === null) throw new Error('There is a challenge.');
    const message = signInMessage(challenge, PAYER.address);
    const signature = await privateKeyToAccount(PAYER.privateKey).signMessage({ message });
    const { name, value } = signInHeader(challenge, PAYER.address, signature);
    expect(name).toBe('SIGN-IN-WITH-X');
    const payload = parseSIWxHeader(value);
    expect(SIWxPayloadSchema.safeParse(payload).success).toBe(true);
    expect(await verifySIWxSignature(payload)).toMatchObject({ isValid: true });
  });

  it('holds the challenge, the account and the signature', () => {
    const challenge = signInChallenge(offered(INFO), URL, NOW);
    if (challenge === null) throw new Error('There is a challenge.');
    expect(decode(signInHeader(challenge, PAYER.address, SIGNATURE).value)).toEqual({
      ...INFO,
      expirationTime: OWN_END,
      chainId: 'eip155:84532',
      address: PAYER.address,
      type: 'eip191',
      signature: SIGNATURE,
    });
  });
});
