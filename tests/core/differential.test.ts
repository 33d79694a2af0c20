import { encodePaymentRequiredHeader, encodePaymentResponseHeader } from '@x402/core/http';
import { DEFAULT_ASSETS, findDefaultAsset } from '@x402/evm';
import { EVM_NETWORK_CHAIN_ID_MAP } from '@x402/evm/v1';
import fc from 'fast-check';
import { getAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  ALL_NETWORKS,
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parseSettleResponse,
  paymentHeader,
  permit2Payload,
  permit2TypedData,
  quote,
  typedData,
} from '../../component/src/core/index.ts';
import { entryV1, entryV2, envelope } from '../support/arbitraries.ts';
import { type OfficialPayment, payOfficially, payOfficiallyV1 } from '../support/oracle.ts';
import { SIGNATURE } from '../support/signature.ts';
import { decode, termsHeader } from '../support/terms.ts';
import { digestOf } from '../support/typed-data.ts';

/** Generated terms for each version; the seed is fixed, so that a failure stays one. */
const RUNS = { numRuns: 2000, seed: 402 };
/** Milliseconds; busy machines take their time. */
const PATIENCE = 60_000;
const OPTIONS = { networks: ALL_NETWORKS, allowanceOf: () => 2n ** 256n - 1n };

/** Signs and sends what the official client did, in the core's own words. */
function payLike(official: OfficialPayment, required: PaymentRequired) {
  const offer = quote(required, OPTIONS);
  const { authorization } = official;
  const payment = { authorization, signature: SIGNATURE, paymentId: 'pay_0' };
  const permit2 = offer.method === 'permit2';
  return {
    digest: digestOf((permit2 ? permit2TypedData : typedData)(offer, authorization)),
    header: paymentHeader(required, offer.requirements, payment, permit2 ? permit2Payload : undefined),
    value: offer.requirements.amount,
    payTo: getAddress(offer.payTo),
  };
}

describe('for thousands of generated terms', () => {
  it(
    'the typed data and the header are those of @x402/evm 2.27',
    async () => {
      await fc.assert(
        fc.asyncProperty(entryV2, envelope, async (entry, around) => {
          const official = await payOfficially(entry, around);
          const required = parsePaymentRequiredHeader(termsHeader([entry], around));
          const mine = payLike(official, required);
          expect(mine.digest).toBe(official.digest);
          expect(mine.value).toBe(official.authorization.value);
          expect(mine.payTo).toBe(official.authorization.to);
          expect(withChecksums(decode(mine.header.value))).toEqual(withChecksums(decode(official.header)));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'the typed data and the header are those of x402 1.2.0',
    async () => {
      await fc.assert(
        fc.asyncProperty(entryV1, async (entry) => {
          // Holds: the generator uses only names that the package knows; its type is a union of literals.
          const official = await payOfficiallyV1(entry as Parameters<typeof payOfficiallyV1>[0]);
          const required = parsePaymentRequiredBody(JSON.stringify({ x402Version: 1, accepts: [entry] }));
          if (required === null) throw new Error('It is x402.');
          const mine = payLike(official, required);
          expect(mine.digest).toBe(official.digest);
          expect(mine.header.name).toBe('X-PAYMENT');
          expect(decode(mine.header.value)).toEqual(decode(official.header));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it('headers that the official servers encode are read, every entry as it was sent', () => {
    fc.assert(
      fc.property(fc.array(entryV2, { minLength: 1, maxLength: 5 }), envelope, (accepts, around) => {
        const header = encodePaymentRequiredHeader({ x402Version: 2, accepts, ...around });
        const required = parsePaymentRequiredHeader(header);
        expect(required.unreadable).toEqual([]);
        expect(required.accepts.map(({ sent }) => sent)).toEqual(JSON.parse(JSON.stringify(accepts)));
        expect(required.resource?.url).toBe(around.resource.url);
      }),
      { ...RUNS, numRuns: 500 },
    );
  });

  it('results that the official servers encode are read', () => {
    const settled = fc.record({
      success: fc.boolean(),
      transaction: fc.constantFrom('', `0x${'12'.repeat(32)}`),
      errorReason: fc.string({ minLength: 1, maxLength: 60 }),
    });
    fc.assert(
      fc.property(settled, (result) => {
        const read = parseSettleResponse(encodePaymentResponseHeader({ ...result, network: 'eip155:84532' }));
        expect(read.success).toBe(result.success);
        expect(read.transaction).toBe(result.transaction === '' ? null : result.transaction);
        expect(read.errorReason).toBe(result.errorReason);
      }),
      { ...RUNS, numRuns: 500 },
    );
  });
});

describe('the token table', () => {
  it('has every default token of @x402/evm 2.27, with its domain, decimals and transfer method', () => {
    for (const [id, assets] of Object.entries(DEFAULT_ASSETS)) {
      const network = ALL_NETWORKS.find((one) => one.id === id);
      for (const official of assets) {
        const mine = network?.assets.find((one) => getAddress(one.address) === getAddress(official.asset));
        expect({ id, ...mine }).toMatchObject({
          id,
          decimals: official.decimals,
          domain: { name: official.name, version: official.version },
          method: official.assetTransferMethod ?? 'eip3009',
        });
      }
    }
  });

  it('has no token that the official tables do not have, but two of v1', () => {
    const others = ALL_NETWORKS.flatMap(({ id, assets }) =>
      assets
        .filter(({ address }) => findDefaultAsset(address, id as `${string}:${string}`) === undefined)
        .map(() => id),
    );
    expect(others).toEqual(['eip155:80002', 'eip155:43113']);
  });

  it('knows every EVM name of v1', () => {
    for (const [name, chainId] of Object.entries(EVM_NETWORK_CHAIN_ID_MAP))
      expect([name, ALL_NETWORKS.find(({ v1Name }) => v1Name === name)?.chainId]).toEqual([name, chainId]);
  });

  it('writes every address in checksum case', () => {
    for (const { assets } of ALL_NETWORKS)
      for (const { address } of assets) expect(getAddress(address)).toBe(address);
  });
});

/** The official v2 client rewrites addresses in checksum case; the core leaves them as the server wrote them. */
function withChecksums(payload: { payload: Record<string, unknown> }): unknown {
  const text = JSON.stringify(payload.payload).replace(/0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/g, (hex) =>
    hex.toLowerCase(),
  );
  return { ...payload, payload: JSON.parse(text) };
}
