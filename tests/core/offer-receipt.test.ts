import {
  createOfferEIP712,
  createOfferJWS,
  createReceiptEIP712,
  createReceiptJWS,
  type JWSSigner,
} from '@x402/extensions/offer-receipt';
import type { TypedDataDefinition } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import {
  asSignedDocument,
  isOfferFor,
  type JsonObject,
  quote,
  type SignedDocument,
  signedOffersOf,
  signedReceiptOf,
} from '../../component/src/core/index.ts';
import { type KeyLookup, verifyOffer, verifyReceipt } from '../../component/src/core/offer-receipt.ts';
import { ENTRY_V2, encode, PAYER, parsedTerms, thrownBy, v2 } from '../support/terms.ts';

const account = privateKeyToAccount(PAYER.privateKey);
const sign = (data: object) => account.signTypedData(data as TypedDataDefinition); // Holds: it is made for viem.
const URL = 'https://paper.example/article';
const OFFER = quote(v2());
const PAID_TO_SIGNER = quote(v2({ payTo: PAYER.address }));
const INPUT = { ...ENTRY_V2, acceptIndex: 0, offerValiditySeconds: 300 };
const RECEIPT = {
  network: 'eip155:84532',
  resourceUrl: URL,
  payer: PAYER.address,
  transaction: `0x${'1'.repeat(64)}`,
};
const FACTS = { network: 'eip155:84532', payer: PAYER.address.toLowerCase(), payTo: PAYER.address, url: URL };
const now = () => Math.floor(Date.now() / 1000);

const offer = async (change: object = {}) =>
  asSignedDocument(await createOfferEIP712(URL, { ...INPUT, ...change }, sign), 'offer');
const receipt = async (change: object = {}) =>
  asSignedDocument(await createReceiptEIP712({ ...RECEIPT, ...change }, sign), 'receipt');

/** A key pair of WebCrypto in the form that the official signer takes. */
async function jwsSigner(algorithm: 'ES256' | 'EdDSA', inName: boolean) {
  const parameters =
    algorithm === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } : { name: 'Ed25519' };
  const pair = (await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])) as CryptoKeyPair;
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const kid = inName ? `did:jwk:${encode(jwk)}#0` : 'did:web:paper.example#key-1';
  const signer: JWSSigner = {
    kid,
    format: 'jws',
    algorithm,
    async sign(payload) {
      const bytes = await crypto.subtle.sign(parameters, pair.privateKey, new Uint8Array(payload));
      return Buffer.from(bytes).toString('base64url');
    },
  };
  const keyOf: KeyLookup = async (keyId) => (keyId === kid ? jwk : null);
  return { signer, keyOf, kid };
}

describe('a signed offer', () => {
  it('of the official server is verified, and known to be of the payee', async () => {
    const signed = await offer({ payTo: PAYER.address });
    expect(await verifyOffer(signed, PAID_TO_SIGNER, now())).toEqual({
      state: 'signed',
      signer: PAYER.address,
      byPayee: true,
    });
  });

  it('may be signed by another key than the payee’s', async () => {
    expect(await verifyOffer(await offer(), OFFER, now())).toMatchObject({ state: 'signed', byPayee: false });
  });

  it.each(['scheme', 'network', 'asset', 'payTo', 'amount'])(
    'about another %s is about something else',
    async (field) => {
      const signed = await offer({
        [field]: field === 'asset' || field === 'payTo' ? `0x${'5'.repeat(40)}` : '5',
      });
      expect(await verifyOffer(signed, OFFER, now())).toEqual({ state: 'other' });
    },
  );

  it('is found by what it says: network by either name, addresses in any letter case', async () => {
    const signed = await offer({ network: 'base-sepolia', payTo: ENTRY_V2.payTo.toLowerCase() });
    expect(isOfferFor(signed, OFFER)).toBe(true);
    expect(isOfferFor({ ...signed, payload: { ...signed.payload, asset: 5 } }, OFFER)).toBe(false);
  });

  it('expires', async () => {
    const signed = await offer({ offerValiditySeconds: 10 });
    expect(await verifyOffer(signed, OFFER, now() - 5)).toMatchObject({ state: 'signed' });
    expect(await verifyOffer(signed, OFFER, now() + 15)).toEqual({ state: 'expired' });
    expect(await verifyOffer(signed, OFFER, Number(signed.payload['validUntil']))).toMatchObject({
      state: 'signed',
    });
  });

  it('that was changed has another signer', async () => {
    const signed = await offer();
    const changed = { ...signed, payload: { ...signed.payload, amount: '10001' } };
    const verified = await verifyOffer(changed, quote(v2({ amount: '10001', payTo: PAYER.address })), now());
    expect(verified).toEqual({ state: 'other' });
  });

  it.each([{ signature: '0x00' }, { signature: 'x' }, { payload: {} }, { payload: { version: '1' } }])(
    'that is broken is invalid: %j',
    async (change) => {
      const broken: SignedDocument = { ...(await offer()), ...change };
      expect(await verifyOffer(broken, OFFER, now())).toEqual({ state: 'invalid' });
    },
  );
});

describe('a signed receipt', () => {
  it('of the official server is verified', async () => {
    expect(await verifyReceipt(await receipt(), FACTS)).toEqual({
      state: 'signed',
      signer: PAYER.address,
      byPayee: true,
    });
  });

  it('needs no transaction', async () => {
    expect(await verifyReceipt(await receipt({ transaction: undefined }), FACTS)).toMatchObject({
      state: 'signed',
    });
  });

  it.each([{ network: 'eip155:1' }, { url: 'https://other.example' }, { payer: ENTRY_V2.payTo }])(
    'about something else is no receipt for this: %j',
    async (change) => {
      expect(await verifyReceipt(await receipt(), { ...FACTS, ...change })).toEqual({ state: 'other' });
    },
  );

  it('that is broken is invalid', async () => {
    expect(await verifyReceipt({ ...(await receipt()), signature: '0x00' }, FACTS)).toEqual({
      state: 'invalid',
    });
  });
});

describe('a JWS', () => {
  it.each(['ES256', 'EdDSA'] as const)('by %s is verified with the key that it names', async (algorithm) => {
    const { signer, keyOf, kid } = await jwsSigner(algorithm, false);
    const signed = asSignedDocument(await createOfferJWS(URL, INPUT, signer), 'offer');
    expect(await verifyOffer(signed, OFFER, now(), keyOf)).toEqual({
      state: 'signed',
      signer: kid,
      byPayee: false,
    });
    expect(await verifyOffer(signed, OFFER, now())).toEqual({ state: 'unverifiable' });
  });

  it('by a did:jwk is verified with the key in its name', async () => {
    const { signer, kid } = await jwsSigner('ES256', true);
    const signed = asSignedDocument(await createReceiptJWS(RECEIPT, signer), 'receipt');
    expect(await verifyReceipt(signed, FACTS)).toEqual({ state: 'signed', signer: kid, byPayee: false });
    const odd = { ...signed, payload: { ...signed.payload, payer: 5 } };
    expect(await verifyReceipt(odd, FACTS)).toEqual({ state: 'other' });
  });

  it('by another key is invalid', async () => {
    const [one, other] = [await jwsSigner('ES256', false), await jwsSigner('ES256', false)];
    const signed = asSignedDocument(await createOfferJWS(URL, INPUT, one.signer), 'offer');
    expect(await verifyOffer(signed, OFFER, now(), other.keyOf)).toEqual({ state: 'invalid' });
  });

  it('by an algorithm that is not checked here is unverifiable', async () => {
    const { signer, keyOf } = await jwsSigner('ES256', false);
    const odd = { ...signer, algorithm: 'ES256K' } as JWSSigner;
    const signed = asSignedDocument(await createOfferJWS(URL, INPUT, odd), 'offer');
    expect(await verifyOffer(signed, OFFER, now(), keyOf)).toEqual({ state: 'unverifiable' });
  });

  it('that is cut short is invalid', async () => {
    const cut: SignedDocument = { format: 'jws', payload: {}, signature: 'e30' };
    expect(await verifyOffer(cut, OFFER, now())).toEqual({ state: 'invalid' });
    expect(await verifyOffer({ ...cut, signature: '' }, OFFER, now())).toEqual({ state: 'invalid' });
  });
});

describe('signed documents are found', () => {
  const extension = (info: JsonObject) => ({ 'offer-receipt': { info } });

  it('in the extensions of terms', async () => {
    const signed = JSON.parse(JSON.stringify(await createOfferEIP712(URL, INPUT, sign)));
    const required = parsedTerms([{}], { extensions: extension({ offers: [signed] }) });
    expect(signedOffersOf(required).map(({ format, payload }) => [format, payload['amount']])).toEqual([
      ['eip712', '10000'],
    ]);
    expect(signedOffersOf(parsedTerms([{}]))).toEqual([]);
    expect(signedOffersOf(parsedTerms([{}], { extensions: {} }))).toEqual([]);
  });

  it('in the extensions of a settlement', async () => {
    const signed = JSON.parse(JSON.stringify(await createReceiptEIP712(RECEIPT, sign)));
    expect(signedReceiptOf(extension({ receipt: signed }))?.payload['payer']).toBe(PAYER.address);
    expect(signedReceiptOf(null)).toBeNull();
    expect(signedReceiptOf({})).toBeNull();
  });

  it.each([
    [{ format: 'pgp', signature: 'x', payload: {} }, 'o.format'],
    [{ format: 'eip712', signature: '', payload: {} }, 'o.signature'],
    [{ format: 'eip712', signature: 'x', payload: [] }, 'o.payload'],
    [{ format: 'jws', signature: 'x' }, 'o.signature'],
    [{ format: 'jws', signature: 'a.W10.b' }, 'o.payload'],
    [null, 'o'],
  ])('%# and refused when they are none', async (value, path) => {
    expect(await thrownBy(() => asSignedDocument(value, 'o'))).toMatchObject({
      name: 'Json.MalformedError',
      path,
    });
  });
});
