import { describe, expect, it } from 'vitest';
import {
  offersOf,
  SOLANA_DECIMALS,
  SOLANA_NETWORKS,
  solanaNetwork,
  solanaSymbol,
} from '../../component/src/core/index.ts';
import { v2 } from '../support/terms.ts';

const MAINNET = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp';
const USDC = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';

describe('Solana', () => {
  it('networks are known by CAIP-2 id and by v1 name', () => {
    expect(solanaNetwork(MAINNET)?.name).toBe('Solana');
    expect(solanaNetwork('solana-devnet')).toMatchObject({ testnet: true, name: 'Solana Devnet' });
    expect(solanaNetwork('eip155:8453')).toBeNull();
    expect(SOLANA_NETWORKS.map(({ tokens }) => tokens.length)).toEqual([5, 1, 1]);
    expect(SOLANA_DECIMALS).toBe(6);
  });

  it('tokens are known by their mint, letter case included', () => {
    expect(solanaSymbol(MAINNET, USDC)).toBe('USDC');
    expect(solanaSymbol('solana', 'CASHx9KJUStyftLFWGvEVf59SGeG9sh5FfcnZMVPCASH')).toBe('CASH');
    expect(solanaSymbol(MAINNET, USDC.toLowerCase())).toBeNull();
    expect(solanaSymbol('solana-testnet', USDC)).toBeNull();
    expect(solanaSymbol('eip155:1', USDC)).toBeNull();
  });

  it('offers are shown, and never paid', () => {
    const { best, unpayable } = offersOf(v2({ network: MAINNET, asset: USDC }, {}));
    expect(best?.network.chainId).toBe(84532);
    expect(unpayable).toMatchObject([{ reason: 'network', requirements: { network: MAINNET, asset: USDC } }]);
  });
});
