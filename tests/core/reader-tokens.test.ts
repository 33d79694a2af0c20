import { describe, expect, it } from 'vitest';
import {
  ALL_NETWORKS,
  asReaderToken,
  knownNetwork,
  NETWORKS,
  withReaderTokens,
} from '../../component/src/core/index.ts';
import { PAYEE, thrownBy, USDC_BASE_SEPOLIA } from '../support/terms.ts';

const TOKEN = {
  chainId: 31337,
  network: 'My chain',
  testnet: true,
  address: PAYEE,
  symbol: 'MINE',
  decimals: 2,
  domain: { name: 'Mine', version: '1' },
  autoPay: false,
} as const;

describe('a reader’s token', () => {
  it('is read field by field', () => {
    expect(asReaderToken({ ...TOKEN, more: 1 })).toEqual(TOKEN);
    expect(asReaderToken({ ...TOKEN, decimals: 36 }).decimals).toBe(36);
  });

  it.each([
    [null, 'token'],
    [{ ...TOKEN, chainId: 0 }, 'token.chainId'],
    [{ ...TOKEN, network: 'x'.repeat(65) }, 'token.network'],
    [{ ...TOKEN, testnet: 1 }, 'token.testnet'],
    [{ ...TOKEN, address: '0x0' }, 'token.address'],
    [{ ...TOKEN, symbol: 'x'.repeat(17) }, 'token.symbol'],
    [{ ...TOKEN, decimals: -1 }, 'token.decimals'],
    [{ ...TOKEN, decimals: 37 }, 'token.decimals'],
    [{ ...TOKEN, domain: null }, 'token.domain'],
    [{ ...TOKEN, domain: { name: '', version: '1' } }, 'token.domain.name'],
    [{ ...TOKEN, domain: { name: 'x' } }, 'token.domain.version'],
    [{ ...TOKEN, autoPay: undefined }, 'token.autoPay'],
  ])('%# is refused with the path of what is wrong', async (value, path) => {
    expect(await thrownBy(() => asReaderToken(value))).toMatchObject({ name: 'Json.MalformedError', path });
  });

  it('on a network of its own brings that network', () => {
    const networks = withReaderTokens([TOKEN]);
    expect(networks).toHaveLength(NETWORKS.length + 1);
    expect(knownNetwork('eip155:31337', networks)).toEqual({
      id: 'eip155:31337',
      chainId: 31337,
      name: 'My chain',
      v1Name: null,
      testnet: true,
      assets: [
        {
          address: PAYEE,
          symbol: 'MINE',
          decimals: 2,
          domain: { name: 'Mine', version: '1' },
          method: 'eip3009',
          trusted: false,
        },
      ],
    });
  });

  it('on a known network is added to it, and changes nothing else of it', () => {
    const networks = withReaderTokens(
      [{ ...TOKEN, chainId: 84532, testnet: false, autoPay: true }],
      ALL_NETWORKS,
    );
    expect(networks).toHaveLength(ALL_NETWORKS.length);
    const network = knownNetwork('eip155:84532', networks);
    expect(network).toMatchObject({ name: 'Base Sepolia', testnet: true, v1Name: 'base-sepolia' });
    expect(network?.assets.map(({ symbol, trusted }) => `${symbol} ${trusted}`)).toEqual([
      'USDC true',
      'MINE true',
    ]);
    expect(knownNetwork('eip155:84532')?.assets).toHaveLength(1);
  });

  it('can’t be one that is known, in any letter case, nor the same one twice', async () => {
    const known = {
      ...TOKEN,
      chainId: 84532,
      address: `0x${USDC_BASE_SEPOLIA.slice(2).toLowerCase()}`,
    } as const;
    expect(await thrownBy(() => withReaderTokens([known]))).toMatchObject({
      name: 'ReaderTokens.AlreadyKnownError',
      message: 'MINE on Base Sepolia is known already, and what is known about it stays as it is.',
    });
    expect(await thrownBy(() => withReaderTokens([TOKEN, TOKEN]))).toMatchObject({
      name: 'ReaderTokens.AlreadyKnownError',
    });
  });
});
