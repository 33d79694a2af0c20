import fc from 'fast-check';
import { getAddress } from 'viem';
import { ALL_NETWORKS } from '../../component/src/core/index.ts';

const PAIRS = ALL_NETWORKS.flatMap((network) => network.assets.map((asset) => ({ network, asset })));

const RESERVED = new Set([
  'name',
  'version',
  'assetTransferMethod',
  'paymentFlow',
  '__proto__',
  'constructor',
  'prototype',
]);

const V1_NAMES = [
  'base',
  'base-sepolia',
  'polygon',
  'polygon-amoy',
  'avalanche',
  'avalanche-fuji',
  'sei',
  'sei-testnet',
];

/** Any pinned token with its network. */
export const pinned = fc.constantFrom(...PAIRS);

/** Addresses as servers write them: in checksum case, in lower case. */
export const address = fc
  .tuple(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.boolean())
  .map(([bytes, checksum]) => {
    const hex = `0x${Buffer.from(bytes).toString('hex')}` as const;
    return checksum ? getAddress(hex) : hex;
  })
  .filter((hex) => !/^0x0+$/.test(hex));

/** Prices from one atomic unit to more than any token has. */
export const amount = fc.oneof(fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 2n ** 200n)).map(String);

/** Additions that servers make to `extra`; the core passes them on unread. */
const additions = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 12 }).filter((key) => !RESERVED.has(key)),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);

/** A payable v2 entry in ERC-3009 or Permit2, with everything that may differ between honest servers. */
export const entryV2 = fc
  .record({
    pair: pinned,
    permit2: fc.boolean(),
    amount,
    payTo: address,
    maxTimeoutSeconds: fc.integer({ min: 20, max: 31_536_000 }),
    additions,
    upfront: fc.boolean(),
    lower: fc.boolean(),
  })
  .map(({ pair: { network, asset }, permit2, additions: more, upfront, lower, ...rest }) => ({
    scheme: 'exact',
    network: network.id as `${string}:${string}`,
    asset: lower ? asset.address.toLowerCase() : asset.address,
    ...rest,
    extra: {
      ...more,
      ...asset.domain,
      ...(permit2 || asset.method === 'permit2' ? { assetTransferMethod: 'permit2' } : {}),
      ...(upfront ? { paymentFlow: 'upfront' } : {}),
    },
  }));

/** A payable v1 entry on a network that `x402` 1.2.0 knows. */
export const entryV1 = fc
  .record({
    pair: fc.constantFrom(...PAIRS.filter(({ network }) => V1_NAMES.includes(network.v1Name ?? ''))),
    maxAmountRequired: amount,
    payTo: address,
    maxTimeoutSeconds: fc.integer({ min: 20, max: 86_400 }),
    description: fc.string({ unit: 'grapheme', maxLength: 60 }),
    additions,
  })
  .map(({ pair: { network, asset }, additions: more, ...rest }) => ({
    scheme: 'exact' as const,
    network: network.v1Name ?? '',
    asset: asset.address,
    resource: 'https://paper.example/article' as const,
    mimeType: 'text/html',
    ...rest,
    extra: { ...more, ...asset.domain },
  }));

/** What a server may say of the resource and in extensions. */
export const envelope = fc.record(
  {
    resource: fc.record({ url: fc.webUrl(), description: fc.string({ unit: 'grapheme', maxLength: 80 }) }),
    extensions: fc.dictionary(
      fc
        .string({ minLength: 1, maxLength: 20 })
        .filter((key) => !RESERVED.has(key) && key !== 'payment-identifier'),
      fc.record({ info: fc.jsonValue({ maxDepth: 2 }), schema: fc.constant({ type: 'object' }) }),
      { maxKeys: 3 },
    ),
  },
  { requiredKeys: ['resource'] },
);
