import { describe, expect, it } from 'vitest';
import {
  authorizationMessage,
  hasRunway,
  newAuthorization,
  permit2Message,
  permit2Payload,
  permit2TypedData,
  quote,
  typedData,
} from '../../component/src/core/index.ts';
import { SIGNATURE } from '../support/signature.ts';
import { PAYEE, PAYER, thrownBy, USDC_BASE_SEPOLIA, v1, v2 } from '../support/terms.ts';

const NOW = 1_750_000_000;
const NONCE = '0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480';
const AUTHORIZATION = {
  from: PAYER.address,
  to: PAYEE,
  value: 10_000n,
  validAfter: 0n,
  validBefore: 1_750_000_300n,
  nonce: NONCE,
} as const;

describe('a new authorization', () => {
  it('is for exactly the quoted amount and payee, from now until the server’s timeout', () => {
    const { nonce, ...rest } = newAuthorization(quote(v2()), PAYER.address, NOW);
    expect(rest).toEqual({
      from: PAYER.address,
      to: PAYEE,
      value: 10_000n,
      validAfter: 0n,
      validBefore: 1_750_000_300n,
    });
    expect(nonce).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('starts ten minutes ago for v1, as its clients do', () => {
    const { validAfter, validBefore } = newAuthorization(quote(v1()), PAYER.address, NOW);
    expect([validAfter, validBefore]).toEqual([1_749_999_400n, 1_750_000_060n]);
  });

  it('lasts ten minutes at the most', () => {
    for (const maxTimeoutSeconds of [600, 601, 31_536_000]) {
      const { validBefore } = newAuthorization(quote(v2({ maxTimeoutSeconds })), PAYER.address, NOW);
      expect(validBefore).toBe(1_750_000_600n);
    }
  });

  it('is refused when the server leaves less than 20 seconds', async () => {
    const shortest = quote(v2({ maxTimeoutSeconds: 20 }));
    expect(newAuthorization(shortest, PAYER.address, NOW).validBefore).toBe(1_750_000_020n);
    const shorter = { ...shortest, requirements: { ...shortest.requirements, maxTimeoutSeconds: 19 } };
    const error = await thrownBy(() => newAuthorization(shorter, PAYER.address, NOW));
    expect(error).toMatchObject({
      name: 'Authorization.ValidityTooShortError',
      seconds: 19,
      message: 'The site allows 19 s for the payment.',
    });
  });

  it('never has the nonce of another', () => {
    const nonces = Array.from({ length: 50 }, () => newAuthorization(quote(v2()), PAYER.address, NOW).nonce);
    expect(new Set(nonces).size).toBe(50);
  });
});

describe('the runway', () => {
  it('is there while 20 seconds are left', () => {
    expect(hasRunway(AUTHORIZATION, 1_750_000_280)).toBe(true);
    expect(hasRunway(AUTHORIZATION, 1_750_000_281)).toBe(false);
  });
});

describe('typed data', () => {
  it('is built from the table’s domain, with numbers as decimal strings', () => {
    expect(
      typedData(quote(v2({ extra: {}, asset: USDC_BASE_SEPOLIA.toLowerCase() })), AUTHORIZATION),
    ).toEqual({
      domain: { name: 'USDC', version: '2', chainId: 84532, verifyingContract: USDC_BASE_SEPOLIA },
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'version', type: 'string' },
          { name: 'chainId', type: 'uint256' },
          { name: 'verifyingContract', type: 'address' },
        ],
        TransferWithAuthorization: [
          { name: 'from', type: 'address' },
          { name: 'to', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'validAfter', type: 'uint256' },
          { name: 'validBefore', type: 'uint256' },
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'TransferWithAuthorization',
      message: {
        from: PAYER.address,
        to: PAYEE,
        value: '10000',
        validAfter: '0',
        validBefore: '1750000300',
        nonce: NONCE,
      },
    });
  });

  it('carries the message that the payload carries', () => {
    expect(typedData(quote(v2()), AUTHORIZATION).message).toEqual(authorizationMessage(AUTHORIZATION));
  });
});

describe('Permit2', () => {
  const permit2 = { extra: { assetTransferMethod: 'permit2' } };
  const offer = quote(v2(permit2), { allowanceOf: () => 10_000n });
  const message = {
    permitted: { token: USDC_BASE_SEPOLIA, amount: '10000' },
    spender: '0x402085c248EeA27D92E8b30b2C58ed07f9E20001',
    nonce: '110117680976134290040645500446194905769275902069351365960831693135107775870080',
    deadline: '1750000300',
    witness: { to: PAYEE, validAfter: '0' },
  };

  it('is signed for x402’s own proxy, whatever a server says', () => {
    const said = quote(v2({ extra: { ...permit2.extra, spender: PAYEE, permit2Spender: PAYEE } }), {
      allowanceOf: () => 10_000n,
    });
    const data = permit2TypedData(said, AUTHORIZATION);
    expect(data.domain).toEqual({
      name: 'Permit2',
      chainId: 84532,
      verifyingContract: '0x000000000022D473030F116dDEE9F6B43aC78BA3',
    });
    expect(data.message.spender).toBe('0x402085c248EeA27D92E8b30b2C58ed07f9E20001');
    expect(data.primaryType).toBe('PermitWitnessTransferFrom');
    expect(Object.keys(data.types)).toEqual([
      'EIP712Domain',
      'PermitWitnessTransferFrom',
      'TokenPermissions',
      'Witness',
    ]);
  });

  it('signs the message that the payload carries', () => {
    expect(permit2TypedData(offer, AUTHORIZATION).message).toEqual(message);
    expect(permit2Message(USDC_BASE_SEPOLIA, AUTHORIZATION)).toEqual({ from: PAYER.address, ...message });
    const payment = { authorization: AUTHORIZATION, signature: SIGNATURE, paymentId: 'pay_0' };
    expect(permit2Payload(payment, offer.requirements)).toEqual({
      signature: SIGNATURE,
      permit2Authorization: { from: PAYER.address, ...message },
    });
  });
});
