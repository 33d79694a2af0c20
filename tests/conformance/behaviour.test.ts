import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  explainReason,
  PERMIT2,
  PERMIT2_SPENDER,
  signedOffersOf,
  signedReceiptOf,
  signInChallenge,
  signInHeader,
  signInMessage,
  termsOfAnswer,
} from '../../component/src/core/index.ts';
import { verifyOffer, verifyReceipt } from '../../component/src/core/offer-receipt.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Loopback } from '../../demo-site/world/loopback.ts';
import { type Buyer, buy, newBuyer, present, sign, termsOf } from '../support/buyer.ts';
import { type FaultyFacilitator, startFaultyFacilitator } from '../support/faulty-facilitator.ts';
import { PRICE, startV1Server, startV2Server } from '../support/official-servers.ts';
import { decode, encode, PAYEE, PAYER } from '../support/terms.ts';

// What real official servers answer, row by row of the protocol's behaviour, and what the core makes of it.

const BROWSER = { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0' };
const PURSE = 1_000_000n;
/** Milliseconds that the impatient server waits for its facilitator, where others wait 90 s. */
const HASTY = 2_000;

let world: World;
let facilitator: FaultyFacilitator;
let v2: Loopback;
let hasty: Loopback;
let v1: Loopback;

beforeAll(async () => {
  world = await startWorld();
  facilitator = await startFaultyFacilitator(world.facilitatorUrl);
  v2 = await startV2Server(world, facilitator.origin);
  hasty = await startV2Server(world, facilitator.origin, HASTY);
  v1 = await startV1Server(world, facilitator.origin);
  await installUnwillingProxy(world.rpcUrl);
});

afterEach(() => {
  facilitator.fault = null;
});

afterAll(async () => {
  for (const part of [v1, v2, hasty, facilitator, world]) await part?.stop();
});

/**
 * Puts a contract where x402's Permit2 proxy is on public chains, that names Permit2 and reverts everything else.
 * Without any code there a call would succeed and move nothing, and the official facilitator would take that for a
 * settlement.
 */
async function installUnwillingProxy(rpcUrl: string): Promise<void> {
  const code = `0x36600414600c5760006000fd5b73${PERMIT2.slice(2)}60005260206000f3`;
  const request = {
    jsonrpc: '2.0',
    id: 1,
    method: 'anvil_setCode',
    params: [PERMIT2_SPENDER, code],
  };
  const headers = { 'content-type': 'application/json' };
  await fetch(rpcUrl, { method: 'POST', headers, body: JSON.stringify(request) });
}

const rich = () => newBuyer(world, PURSE);
const spentBy = async ({ address }: Buyer) => PURSE - (await world.balanceOf(address));

describe('v2, unpaid', () => {
  it('a browser gets HTML, with the terms in PAYMENT-REQUIRED and no-store', async () => {
    const response = await fetch(`${v2.origin}/page`, { headers: BROWSER });
    expect([response.status, response.headers.get('cache-control')]).toEqual([402, 'no-store']);
    expect(response.headers.get('content-type')).toContain('text/html');
    const { required, evidence } = await termsOf(`${v2.origin}/page`, BROWSER);
    expect(evidence).toBe('header');
    expect(required).toMatchObject({
      x402Version: 2,
      resource: { url: `${v2.origin}/page`, description: 'A page' },
      accepts: [{ amount: PRICE, network: 'eip155:84532', payTo: world.payee, maxTimeoutSeconds: 300 }],
      unreadable: [],
    });
  });

  it('anything else gets {} with the same terms', async () => {
    const response = await fetch(`${v2.origin}/page`);
    expect([response.status, await response.json()]).toEqual([402, {}]);
    expect((await termsOf(`${v2.origin}/page`)).evidence).toBe('header');
  });

  it.each(['PAYMENT-SIGNATURE', 'X-PAYMENT'])('an undecodable %s is answered as unpaid', async (name) => {
    const { required } = await termsOf(`${v2.origin}/page`, { [name]: '***' });
    expect(required.accepts[0]?.amount).toBe(PRICE);
  });

  it('a request that the server’s own hook aborts is 403, and not about money', async () => {
    const response = await fetch(`${v2.origin}/aborted`);
    expect(response.status).toBe(403);
    const body = await response.text();
    expect(termsOfAnswer({ status: 403, header: (name) => response.headers.get(name), body })).toBeNull();
  });

  it('a server that loaded no payment kind does not start to sell', async () => {
    facilitator.fault = { on: '/supported', how: { answer: { kinds: [], extensions: [], signers: {} } } };
    await expect(startV2Server(world, facilitator.origin)).rejects.toThrow();
  });
});

describe('v2, paid', () => {
  it('success: settled, delivered, and exactly the price moved', async () => {
    const buyer = await rich();
    const { status, headers, body, outcome } = await buy(`${v2.origin}/page`, buyer);
    expect([status, body, headers.get('cache-control')]).toEqual([200, 'The paid text.', 'private']);
    expect(outcome).toMatchObject({ state: 'settled', delivered: true });
    expect(await world.transfers({ from: buyer.address })).toEqual([
      {
        from: buyer.address,
        to: world.payee,
        value: PRICE,
        transaction: 'transaction' in outcome ? outcome.transaction : null,
      },
    ]);
  });

  it('accepted differs from the terms: rejected, nothing moved', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/page`), buyer);
    const envelope = decode(signed.header.value);
    envelope.accepted.payTo = envelope.accepted.payTo.toLowerCase();
    const header = { ...signed.header, value: encode(envelope) };
    const { status, error, outcome } = await present(`${v2.origin}/page`, { ...signed, header });
    expect([status, error, outcome.state]).toEqual([402, 'No matching payment requirements', 'rejected']);
    expect(explainReason(error ?? '').family).toBe('echo');
    expect(await spentBy(buyer)).toBe(0n);
  });

  it('an extension was changed: rejected', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/identified`), buyer);
    const envelope = decode(signed.header.value);
    envelope.extensions['payment-identifier'].info.required = false;
    const header = { ...signed.header, value: encode(envelope) };
    const { error, outcome } = await present(`${v2.origin}/identified`, { ...signed, header });
    expect([error, outcome.state]).toEqual(['extension_echo_mismatch', 'rejected']);
  });

  it('the signature is not the payer’s: rejected', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/page`), buyer, { from: PAYER.address });
    const { status, error, outcome } = await present(`${v2.origin}/page`, signed);
    expect([status, outcome.state, explainReason(error ?? '').family]).toEqual([
      402,
      'rejected',
      'signature',
    ]);
  });

  it('the amount is another: rejected', async () => {
    const signed = await sign(await termsOf(`${v2.origin}/page`), await rich(), { value: 9_999n });
    const { error, outcome } = await present(`${v2.origin}/page`, signed);
    expect([outcome.state, explainReason(error ?? '').family]).toEqual(['rejected', 'amount']);
  });

  it('the payee is another: rejected', async () => {
    const signed = await sign(await termsOf(`${v2.origin}/page`), await rich(), { to: PAYEE });
    const { error, outcome } = await present(`${v2.origin}/page`, signed);
    expect([outcome.state, explainReason(error ?? '').family]).toEqual(['rejected', 'terms']);
  });

  it('the time is over: rejected', async () => {
    const signed = await sign(await termsOf(`${v2.origin}/page`), await rich(), {
      validBefore: 1_700_000_000n,
    });
    const { error, outcome } = await present(`${v2.origin}/page`, signed);
    expect([outcome.state, explainReason(error ?? '').family]).toEqual(['rejected', 'time']);
  });

  it('the wallet is empty: rejected', async () => {
    const { status, error, outcome } = await buy(`${v2.origin}/page`, await newBuyer(world, 0n));
    expect([status, outcome.state, explainReason(error ?? '').family]).toEqual([402, 'rejected', 'funds']);
  });

  it('the same payment again: unknown, because it may be the one that went through', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/page`), buyer);
    expect((await present(`${v2.origin}/page`, signed)).outcome.state).toBe('settled');
    const { status, error, outcome } = await present(`${v2.origin}/page`, signed);
    expect([status, outcome.state, explainReason(error ?? '').family]).toEqual([
      402,
      'unknown',
      'already-used',
    ]);
    expect(await spentBy(buyer)).toBe(PRICE);
  });

  it('the Permit2 allowance is missing: 412 with terms, rejected', async () => {
    const { status, error, outcome } = await buy(`${v2.origin}/permit2`, await rich());
    expect([status, error, outcome.state]).toEqual([412, 'permit2_allowance_required', 'rejected']);
  });
});

describe('v2, the facilitator fails', () => {
  it('unreachable during verify: rejected, “fetch failed” in the terms', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/page`), buyer);
    facilitator.fault = { on: '/verify', how: 'break' };
    const { status, error, outcome } = await present(`${v2.origin}/page`, signed);
    expect([status, error, outcome.state]).toEqual([402, 'fetch failed', 'rejected']);
    expect(await spentBy(buyer)).toBe(0n);
  });

  it('settlement refused: 402 with PAYMENT-RESPONSE and without terms, rejected', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/page`), buyer);
    const answer = {
      success: false,
      errorReason: 'insufficient_funds',
      transaction: '',
      network: world.network,
    };
    facilitator.fault = { on: '/settle', how: { answer } };
    const { status, headers, outcome } = await present(`${v2.origin}/page`, signed);
    expect([status, headers.has('payment-required'), headers.get('cache-control')]).toEqual([
      402,
      false,
      'no-store',
    ]);
    expect(outcome).toEqual({ state: 'rejected', reason: 'insufficient_funds' });
    expect(await spentBy(buyer)).toBe(0n);
  });

  it('unreachable while settling: unknown, and the money did move', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v2.origin}/page`), buyer);
    facilitator.fault = { on: '/settle', how: 'break after' };
    const { status, outcome } = await present(`${v2.origin}/page`, signed);
    expect([status, outcome]).toEqual([402, { state: 'unknown', transaction: null, reason: 'fetch failed' }]);
    expect(await spentBy(buyer)).toBe(PRICE);
  });

  it('broadcast and not confirmed: unknown, with the hash', async () => {
    const signed = await sign(await termsOf(`${v2.origin}/page`), await rich());
    const transaction = `0x${'12'.repeat(32)}`;
    const answer = { success: false, errorReason: 'settlement_pending', transaction, network: world.network };
    facilitator.fault = { on: '/settle', how: { answer } };
    const { outcome } = await present(`${v2.origin}/page`, signed);
    expect(outcome).toEqual({ state: 'unknown', transaction, reason: 'settlement_pending' });
  });

  it('slower than the server’s patience while settling: 502 without headers, unknown, and the money did move', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${hasty.origin}/page`), buyer);
    facilitator.fault = { on: '/settle', how: 'hold back' };
    const { status, headers, body, outcome } = await present(`${hasty.origin}/page`, signed);
    expect([status, headers.has('payment-response'), headers.has('payment-required')]).toEqual([
      502,
      false,
      false,
    ]);
    expect(body).toContain(`timed out after ${HASTY}ms`);
    expect(outcome).toMatchObject({ state: 'unknown', transaction: null });
    expect(await spentBy(buyer)).toBe(PRICE);
  });

  it('slower than the server’s patience while verifying: the same answer, so unknown, though nothing moved', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${hasty.origin}/page`), buyer);
    facilitator.fault = { on: '/verify', how: 'hold back' };
    const { status, headers, outcome } = await present(`${hasty.origin}/page`, signed);
    expect([status, headers.has('payment-response'), outcome.state]).toEqual([502, false, 'unknown']);
    expect(await spentBy(buyer)).toBe(0n);
  });

  it('a malformed reply while settling: 502 without headers, unknown', async () => {
    const signed = await sign(await termsOf(`${v2.origin}/page`), await rich());
    facilitator.fault = { on: '/settle', how: { answer: 'nonsense' } };
    const { status, headers, outcome } = await present(`${v2.origin}/page`, signed);
    expect([status, headers.has('payment-response'), outcome.state]).toEqual([502, false, 'unknown']);
  });
});

describe('v2, the page fails', () => {
  it('with the flow “authorization”: 500 without a result, rejected, not charged', async () => {
    const buyer = await rich();
    const { status, headers, outcome } = await buy(`${v2.origin}/broken`, buyer);
    expect([status, headers.has('payment-response')]).toEqual([500, false]);
    expect(outcome).toEqual({ state: 'rejected', reason: 'the page failed with status 500' });
    expect(await spentBy(buyer)).toBe(0n);
  });

  it('with the flow “upfront”: 500 with a result, charged and not delivered', async () => {
    const buyer = await rich();
    const { status, outcome } = await buy(`${v2.origin}/upfront-broken`, buyer);
    expect([status, outcome]).toMatchObject([500, { state: 'settled', delivered: false }]);
    expect(await spentBy(buyer)).toBe(PRICE);
  });

  it('and with the flow “upfront” it is charged when it works, too', async () => {
    const buyer = await rich();
    expect((await buy(`${v2.origin}/upfront`, buyer)).outcome).toMatchObject({
      state: 'settled',
      delivered: true,
    });
  });
});

describe('v2 extensions', () => {
  it('payment-identifier: one is added where it is required', async () => {
    const { status, outcome } = await buy(`${v2.origin}/identified`, await rich());
    expect([status, outcome.state]).toEqual([200, 'settled']);
  });

  it('sign-in-with-x: what was bought is opened again without paying', async () => {
    const buyer = await rich();
    expect((await buy(`${v2.origin}/again`, buyer)).status).toBe(200);
    const { required } = await termsOf(`${v2.origin}/again`);
    const challenge = signInChallenge(required, `${v2.origin}/again`, Date.now());
    if (challenge === null) throw new Error('There is a challenge.');
    const message = signInMessage(challenge, buyer.address);
    const signature = await privateKeyToAccount(buyer.privateKey).signMessage({ message });
    const { name, value } = signInHeader(challenge, buyer.address, signature);
    const response = await fetch(`${v2.origin}/again`, { headers: { [name]: value } });
    expect([response.status, await response.text()]).toEqual([200, 'The paid text.']);
    expect(await spentBy(buyer)).toBe(PRICE);
  });

  it('sign-in-with-x: one who has not paid is asked to pay', async () => {
    const buyer = await rich();
    const challenge = signInChallenge(
      (await termsOf(`${v2.origin}/again`)).required,
      `${v2.origin}/again`,
      Date.now(),
    );
    if (challenge === null) throw new Error('There is a challenge.');
    const message = signInMessage(challenge, buyer.address);
    const signature = await privateKeyToAccount(buyer.privateKey).signMessage({ message });
    const { name, value } = signInHeader(challenge, buyer.address, signature);
    expect((await fetch(`${v2.origin}/again`, { headers: { [name]: value } })).status).toBe(402);
  });

  it('offer-receipt: the offer and the receipt are verified', async () => {
    const url = `${v2.origin}/signed`;
    const buyer = await rich();
    const signed = await sign(await termsOf(url), buyer);
    const [offer] = signedOffersOf(signed.required);
    if (offer === undefined) throw new Error('There is an offer.');
    expect(await verifyOffer(offer, signed.offer, Math.floor(Date.now() / 1000))).toEqual({
      state: 'signed',
      signer: PAYER.address,
      byPayee: false,
    });
    const { outcome } = await present(url, signed);
    const receipt = signedReceiptOf(outcome.state === 'settled' ? outcome.extensions : null);
    if (receipt === null) throw new Error('There is a receipt.');
    const facts = { network: world.network, payer: buyer.address, payTo: world.payee, url };
    expect(await verifyReceipt(receipt, facts)).toMatchObject({ state: 'signed', signer: PAYER.address });
  });
});

describe('v1', () => {
  it('unpaid, a browser gets HTML without terms', async () => {
    const response = await fetch(`${v1.origin}/page`, { headers: BROWSER });
    const body = await response.text();
    expect(response.status).toBe(402);
    expect(termsOfAnswer({ status: 402, header: (name) => response.headers.get(name), body })).toBeNull();
  });

  it('asked for JSON, the terms are in the body', async () => {
    const { required, evidence } = await termsOf(`${v1.origin}/page`, { Accept: 'application/json' });
    expect(evidence).toBe('body');
    expect(required).toMatchObject({ x402Version: 1, accepts: [{ amount: PRICE, network: 'eip155:84532' }] });
  });

  it('success: settled, and exactly the price moved', async () => {
    const buyer = await rich();
    const { status, body, outcome } = await buy(`${v1.origin}/page`, buyer);
    expect([status, body, outcome.state]).toEqual([200, 'The paid text.', 'settled']);
    expect(await spentBy(buyer)).toBe(PRICE);
  });

  it('refused: 402 without a result, and unknown, because settled and lost would look the same', async () => {
    const { status, headers, outcome } = await buy(`${v1.origin}/page`, await newBuyer(world, 0n));
    expect([status, headers.has('x-payment-response'), outcome.state]).toEqual([402, false, 'unknown']);
  });

  it('settled and lost: 402 without a result, unknown, and the money did move', async () => {
    const buyer = await rich();
    const signed = await sign(await termsOf(`${v1.origin}/page`), buyer);
    facilitator.fault = { on: '/settle', how: 'break after' };
    const { status, headers, outcome } = await present(`${v1.origin}/page`, signed);
    expect([status, headers.has('x-payment-response'), outcome.state]).toEqual([402, false, 'unknown']);
    expect(await spentBy(buyer)).toBe(PRICE);
  });
});
