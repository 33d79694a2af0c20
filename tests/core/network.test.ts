import { describe, expect, it } from 'vitest';
import {
  ALL_NETWORKS,
  explorerLink,
  knownAsset,
  knownNetwork,
  NETWORKS,
  networkIdOf,
  publicRpc,
} from '../../component/src/core/index.ts';

const HASH = `0x${'12'.repeat(32)}`;

describe('the networks', () => {
  it('that a page carries are the ones that most payments are made on', () => {
    expect(NETWORKS.map(({ id }) => id)).toEqual([
      'eip155:8453',
      'eip155:84532',
      'eip155:42161',
      'eip155:421614',
      'eip155:137',
      'eip155:43114',
      'eip155:1',
    ]);
  });

  it('have one entry for each id, v1 name and token', () => {
    for (const list of [NETWORKS, ALL_NETWORKS]) {
      const unique = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
      unique(list.map(({ id }) => id));
      unique(list.flatMap(({ v1Name }) => v1Name ?? []));
      for (const { assets } of list) unique(assets.map(({ address }) => address.toLowerCase()));
    }
  });

  it('all together hold every token of the pinned table', () => {
    const tokens = ALL_NETWORKS.flatMap(({ chainId, assets }) =>
      assets.map(({ symbol, decimals, method }) => `${chainId} ${symbol} ${decimals} ${method}`),
    );
    expect(tokens).toHaveLength(30);
    expect(tokens).toContain('4326 MegaUSD 18 permit2');
    expect(tokens).toContain('42220 USDT 6 eip3009');
    expect(tokens).toContain('723487 SBC 6 permit2');
  });

  it('know test money from real money', () => {
    expect(ALL_NETWORKS.filter(({ testnet }) => testnet).map(({ chainId }) => chainId)).toEqual([
      84532, 421614, 80002, 43113, 11155111, 11142220, 1328, 51, 2201, 181228, 31611, 72344, 11124, 324705682,
    ]);
  });

  it('are found by CAIP-2 id and by v1 name', () => {
    expect(knownNetwork('eip155:8453')?.name).toBe('Base');
    expect(knownNetwork('celo')).toBeNull();
    expect(knownNetwork('celo', ALL_NETWORKS)?.id).toBe('eip155:42220');
    expect(knownNetwork('eip155:1 ')).toBeNull();
    expect(networkIdOf('base-sepolia')).toBe('eip155:84532');
    expect(networkIdOf('celo')).toBe('celo');
    expect(networkIdOf('celo', ALL_NETWORKS)).toBe('eip155:42220');
  });

  it('find a token whatever its letter case', () => {
    const [base] = NETWORKS;
    if (base === undefined) throw new Error('Base is known.');
    expect(knownAsset(base, '0x833589FCD6EDB6E08F4C7C32D4F71B54BDA02913'.toLowerCase())?.symbol).toBe('USDC');
    expect(knownAsset(base, '0x036CbD53842c5426634e7929541eC2318f3dCF7e')).toBeNull();
  });
});

describe('explorerLink', () => {
  it('leads to the transaction', () => {
    expect(explorerLink('eip155:8453', HASH)).toBe(`https://basescan.org/tx/${HASH}`);
    expect(explorerLink('eip155:42220', HASH)).toBe(`https://celoscan.io/tx/${HASH}`);
  });

  it('is null for a network that is not known', () => {
    for (const network of ['eip155:31337', 'base', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', ''])
      expect(explorerLink(network, HASH)).toBeNull();
  });

  it('is there for every network', () => {
    for (const { id } of ALL_NETWORKS) expect(explorerLink(id, HASH)).toMatch(/^https:.*[^/]\/tx\//);
  });

  it('lets no server lead elsewhere', () => {
    expect(explorerLink('eip155:8453', '../../evil?x')).toBe('https://basescan.org/tx/..%2F..%2Fevil%3Fx');
  });
});

describe('publicRpc', () => {
  it('names an endpoint for every network with a token', () => {
    for (const { id, assets } of ALL_NETWORKS)
      if (assets.length > 0) expect(publicRpc(id)).toMatch(/^https:\/\//);
    expect(publicRpc('eip155:84532')).toBe('https://sepolia.base.org');
  });

  it.each(['eip155:31337', 'eip155', 'solana:8453', '', 'eip155:constructor', 'eip155:'])(
    'is null for %j',
    (network) => expect(publicRpc(network)).toBeNull(),
  );
});
