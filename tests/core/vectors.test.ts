import { recoverTypedDataAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import { type Authorization, paymentHeader, quote, typedData } from '../../component/src/core/index.ts';
import { ENTRY_V2, v1, v2 } from '../support/terms.ts';
import {
  asWalletSees,
  digestOf,
  domainSeparatorOf,
  signTypedData,
  structHashOf,
} from '../support/typed-data.ts';

// The signed example of the x402 specification (specs/transports-v1/http.md), and the same message signed by anvil's
// first account.
const MESSAGE = {
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10000n,
  validAfter: 1740672089n,
  validBefore: 1740672154n,
  nonce: '0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480',
} as const;
const A: Authorization = { ...MESSAGE, from: '0x857b06519E91e3A54538791bDbb0E22373e36b66' };
const B: Authorization = { ...MESSAGE, from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' };
const SIGNATURE_A =
  '0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c';
const SIGNATURE_B =
  '0xdc53a4a579de989368a0fae2ef2172ff2f474b4297013f865d171239f17ef4c3157b4b4030f1bebc53d55ace15c2377dff501a60e1e56c291f1000d6e78f082f1b';

const dataOf = (authorization: Authorization) => typedData(quote(v2()), authorization);

describe('the signed example of the specification', () => {
  it('has the published domain separator', () => {
    expect(domainSeparatorOf(dataOf(A))).toBe(
      '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818',
    );
  });

  it('has the published struct hash', () => {
    expect(structHashOf(dataOf(A))).toBe(
      '0x49ad644555c7bdf3ea4fc022a4940ae5589b230b1dde0065c5504fa19bbe39a4',
    );
  });

  it('has the published digest, and not the one of an empty EIP712Domain', () => {
    const digest = digestOf(dataOf(A));
    expect(digest).toBe('0xf256992871671abcb27ff92885a7afa46218724e5fc0bac35d050115aa1d22e6');
    expect(digest).not.toBe('0x0bd194cf1bd459c7067e8e219a7c129cf677d24511c4ebcf9d2c669230a41339');
  });

  it('recovers to its payer', async () => {
    const { domain, types, primaryType, message } = asWalletSees(dataOf(A));
    expect(
      await recoverTypedDataAddress({ domain, types, primaryType, message, signature: SIGNATURE_A }),
    ).toBe(A.from);
  });

  it('is signed alike by a local account', async () => {
    expect(await signTypedData(dataOf(B))).toBe(SIGNATURE_B);
  });

  it('names every member of EIP712Domain, because wallets take a missing list for an empty one', () => {
    expect(typedData(quote(v2()), A).types.EIP712Domain.map(({ name }) => name)).toEqual([
      'name',
      'version',
      'chainId',
      'verifyingContract',
    ]);
  });
});

describe('the specification’s headers', () => {
  const payment = { authorization: A, signature: SIGNATURE_A, paymentId: 'pay_0' } as const;

  it('are made for v1 to the byte', () => {
    const required = v1();
    const header = paymentHeader(required, quote(required).requirements, payment);
    expect(header).toEqual({ name: 'X-PAYMENT', value: HEADER_V1 });
  });

  it('echo the v2 entry as it was sent', () => {
    const required = v2();
    const { name, value } = paymentHeader(required, quote(required).requirements, payment);
    expect(name).toBe('PAYMENT-SIGNATURE');
    const text = Buffer.from(value, 'base64').toString();
    expect(text).toContain(`"accepted":${JSON.stringify(ENTRY_V2)}`);
  });
});

const HEADER_V1 = Buffer.from(
  '{"x402Version":1,"scheme":"exact","network":"base-sepolia","payload":{"signature":"0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c","authorization":{"from":"0x857b06519E91e3A54538791bDbb0E22373e36b66","to":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","value":"10000","validAfter":"1740672089","validBefore":"1740672154","nonce":"0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"}}}',
).toString('base64');
