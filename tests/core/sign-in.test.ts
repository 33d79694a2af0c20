import {
  createSIWxMessage,
  parseSIWxHeader,
  SIWxPayloadSchema,
  verifySIWxSignature,
} from '@x402/extensions/sign-in-with-x';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { signInChallenge, signInHeader, signInMessage } from '../../component/src/core/index.ts';
import { SIGNATURE } from '../support/signature.ts';
import { decode, PAYER, parsedTerms, thrownBy } from '../support/terms.ts';

const URL = 'https://paper.example:8443/article?page=2';
const INFO = {
  domain: 'paper.example:8443',
  uri: 'https://paper.example:8443/article',
  version: '1',
  nonce: 'abcdef0123456789',
  issuedAt: '2025-06-15T15:06:40.000Z',
};
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
    expect(signInChallenge(offered(FULL), URL)).toEqual({ ...FULL, chainId: 'eip155:84532' });
    expect(signInChallenge(offered({ ...INFO, statement: null }), URL)).toEqual({
      ...INFO,
      chainId: 'eip155:84532',
    });
  });

  it('is absent without the extension, and without a chain of Ethereum', () => {
    expect(signInChallenge(parsedTerms([{}]), URL)).toBeNull();
    expect(signInChallenge(parsedTerms([{}], { extensions: {} }), URL)).toBeNull();
    expect(signInChallenge(offered(INFO, CHAINS.slice(0, 1)), URL)).toBeNull();
    expect(signInChallenge(offered(INFO, []), URL)).toBeNull();
    expect(signInChallenge(offered(INFO, null), URL)).toBeNull();
    expect(signInChallenge(offered(INFO, [{ chainId: 'eip155:x', type: 'eip191' }]), URL)).toBeNull();
  });

  it.each([
    [{ domain: 'other.example' }, 'other.example'],
    [{ domain: 'paper.example' }, 'paper.example'],
    [{ uri: 'https://other.example/article' }, 'paper.example:8443'],
    [{ uri: 'http://paper.example:8443/article' }, 'paper.example:8443'],
    [{ uri: 'no address' }, 'paper.example:8443'],
  ])('of another site is refused: %j', async (change, domain) => {
    expect(await thrownBy(() => signInChallenge(offered({ ...INFO, ...change }), URL))).toMatchObject({
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
    [{ resources: ['a', 'b\u0000'] }, 'info.resources[1]'],
    [{ resources: Array(33).fill('a') }, 'info.resources'],
    [{ resources: 'a' }, 'info.resources'],
  ])('that could say more than it shows is refused: %j', async (change, path) => {
    expect(await thrownBy(() => signInChallenge(offered({ ...INFO, ...change }), URL))).toMatchObject({
      name: 'Json.MalformedError',
      path,
    });
  });

  it('that is none is refused', async () => {
    const broken = parsedTerms([], { extensions: { 'sign-in-with-x': 1 } });
    expect(await thrownBy(() => signInChallenge(broken, URL))).toMatchObject({ path: 'sign-in-with-x' });
    expect(await thrownBy(() => signInChallenge(offered(INFO, [1]), URL))).toMatchObject({
      path: 'supportedChains[0]',
    });
    expect(await thrownBy(() => signInChallenge(offered(INFO, [{ type: 'eip191' }]), URL))).toMatchObject({
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
    const challenge = signInChallenge(offered(info), URL);
    if (challenge === null) throw new Error('There is a challenge.');
    const official = { ...info, chainId: 'eip155:84532', type: 'eip191' } as Parameters<
      typeof createSIWxMessage
    >[0];
    expect(signInMessage(challenge, PAYER.address)).toBe(createSIWxMessage(official, PAYER.address));
  });

  it('is that of EIP-4361', () => {
    const challenge = signInChallenge(offered({ ...INFO, statement: 'Hello.' }), URL);
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
      ].join('\n'),
    );
  });
});

describe('the sign-in header', () => {
  it('is taken by the official server', async () => {
    const challenge = signInChallenge(offered(FULL), URL);
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
    const challenge = signInChallenge(offered(INFO), URL);
    if (challenge === null) throw new Error('There is a challenge.');
    expect(decode(signInHeader(challenge, PAYER.address, SIGNATURE).value)).toEqual({
      ...INFO,
      chainId: 'eip155:84532',
      address: PAYER.address,
      type: 'eip191',
      signature: SIGNATURE,
    });
  });
});
