import { describe, expect, it } from 'vitest';
import {
  ALL_NETWORKS,
  nothingPayableInWords,
  offersOf,
  type Quote,
  quote,
  withReaderTokens,
} from '../../component/src/core/index.ts';
import { PAYEE, parsedTerms, thrownBy, USDC_BASE_SEPOLIA, v1, v2 } from '../support/terms.ts';

const MAINNET = {
  network: 'eip155:8453',
  asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  extra: { name: 'USD Coin', version: '2' },
};
const ARBITRUM_SEPOLIA = {
  network: 'eip155:421614',
  asset: '0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d',
  extra: {},
};
const MEGA_USD = {
  network: 'eip155:4326',
  asset: '0xFAfDdbb3FC7688494971a79cc65DCa3EF82079E7',
  amount: '50000000000000001',
  extra: { assetTransferMethod: 'permit2' },
};
const idOf = ({ network }: Quote) => network.id;

describe('quote', () => {
  it('knows what is signed, for whom, and for how much', () => {
    const required = v2();
    expect(quote(required)).toEqual({
      requirements: required.accepts[0],
      network: expect.objectContaining({ name: 'Base Sepolia', chainId: 84532, testnet: true }),
      asset: {
        address: USDC_BASE_SEPOLIA,
        symbol: 'USDC',
        decimals: 6,
        domain: { name: 'USDC', version: '2' },
        method: 'eip3009',
        trusted: true,
      },
      payTo: PAYEE,
      microUsd: 10_000n,
      upfront: false,
      method: 'eip3009',
    });
  });

  it('hands on the very object that was parsed', () => {
    const required = v2();
    expect(quote(required).requirements).toBe(required.accepts[0]);
  });

  it('reads v1 terms, on networks that only the whole table has too', () => {
    expect(quote(v1()).network.chainId).toBe(84532);
    const celo = v1({ network: 'celo', asset: '0xcebA9300f2b948710d2653dD7B07f33A8B32118C' });
    expect(quote(celo, { networks: ALL_NETWORKS }).network.chainId).toBe(42220);
  });

  it('takes the domain from the table when the server names none, and finds tokens in any letter case', () => {
    const offer = quote(v2({ extra: {}, asset: USDC_BASE_SEPOLIA.toLowerCase() }));
    expect(offer.asset.domain).toEqual({ name: 'USDC', version: '2' });
    expect(offer.asset.address).toBe(USDC_BASE_SEPOLIA);
  });

  it.each([
    ['scheme', { scheme: 'upto' }, 'The payment scheme “upto” is not supported.'],
    ['scheme', { scheme: 'batch-settlement' }, 'The payment scheme “batch-settlement” is not supported.'],
    [
      'method',
      { extra: { assetTransferMethod: 'erc7710' } },
      'The payment method “erc7710” is not supported.',
    ],
    ['method', { extra: { assetTransferMethod: null } }, 'The payment method “null” is not supported.'],
    ['flow', { extra: { paymentFlow: 'escrow' } }, 'The payment flow “escrow” is not supported.'],
    [
      'flow',
      { extra: { paymentFlow: { toString: 1 } } },
      'The payment flow “{"toString":1}” is not supported.',
    ],
    ['flow', { extra: { paymentFlow: null } }, 'The payment flow “null” is not supported.'],
    [
      'method',
      { network: 'eip155:31337', extra: { assetTransferMethod: 'erc7710' } },
      'The payment method “erc7710” is not supported.',
    ],
    ['network', { network: 'solana-devnet' }, 'The network “Solana” is not known here.'],
    ['network', { network: 'eip155:31337' }, 'The network “eip155:31337” is not known here.'],
    ['network', { network: 'eip155:084532' }, 'The network “eip155:084532” is not known here.'],
    ['asset', { asset: PAYEE }, `The token ${PAYEE} on Base Sepolia is not known here.`],
    // A network on which there are no euros either.
    [
      'asset',
      { network: 'eip155:421614', asset: PAYEE },
      `The token ${PAYEE} on Arbitrum Sepolia is not known here.`,
    ],
    [
      'domain',
      { extra: { name: 'USD Coin', version: '2' } },
      'The site calls the name of USDC “USD Coin”; it is “USDC”.',
    ],
    [
      'domain',
      { extra: { name: 'USDC', version: '1' } },
      'The site calls the version of USDC “1”; it is “2”.',
    ],
    ['domain', { extra: { version: 1 } }, 'The site calls the version of USDC “1”; it is “2”.'],
    ['domain', { extra: { name: ['USDC'] } }, 'The site calls the name of USDC “["USDC"]”; it is “USDC”.'],
    [
      'time',
      { maxTimeoutSeconds: 19 },
      'The site allows 19 s for the payment; 20 s is the least that is safe.',
    ],
    [
      'domain',
      { extra: { name: 'x'.repeat(99) } },
      `The site calls the name of USDC “${'x'.repeat(80)}”; it is “USDC”.`,
    ],
    ['payee', { payTo: 'paper.eth' }, 'The payee “paper.eth” is not an address.'],
    ['payee', { payTo: `0x${'0'.repeat(40)}` }, `The payee “0x${'0'.repeat(40)}” is not an address.`],
    ['too-long', { note: 'x'.repeat(5000) }, 'The terms are too long.'],
    [
      'allowance',
      { extra: { assetTransferMethod: 'permit2' } },
      'USDC on Base Sepolia needs a Permit2 allowance first.',
    ],
  ])('refuses by %s: %j', async (reason, change, sentence) => {
    const required = v2(change);
    expect(offersOf(required)).toMatchObject({ best: null, others: [], unpayable: [{ reason, sentence }] });
    expect(nothingPayableInWords(required)).toBe(sentence);
    expect(await thrownBy(() => quote(required))).toMatchObject({
      name: 'Quote.NothingPayableError',
      message: 'No offer can be paid here.',
      reasons: [reason],
    });
  });

  it('gives a reason for every offer, each once', async () => {
    const required = parsedTerms([{ scheme: 'upto' }, { amount: 'x' }, { scheme: 'upto' }]);
    expect(nothingPayableInWords(required)).toBe(
      '“accepts[1].amount” should be a whole number in digits. The payment scheme “upto” is not supported.',
    );
    const error = await thrownBy(() => quote(required));
    expect(error).toMatchObject({ reasons: ['unreadable', 'scheme', 'scheme'] });
    expect(offersOf(required).unpayable[0]).toEqual({
      requirements: null,
      quote: null,
      reason: 'unreadable',
      sentence: '“accepts[1].amount” should be a whole number in digits.',
    });
  });

  it('says so when there is no offer at all, and nothing when one can be paid', () => {
    expect(nothingPayableInWords(parsedTerms([]))).toBe('The site offers no way to pay.');
    expect(nothingPayableInWords(parsedTerms([], { extensions: { other: {} } }))).toBe(
      'The site offers no way to pay.',
    );
    expect(nothingPayableInWords(parsedTerms([], { extensions: { 'sign-in-with-x': {} } }))).toBe(
      'The site wants you to sign in, not to pay. Once you have paid there, that is done by itself.',
    );
    expect(nothingPayableInWords(v2())).toBe('');
  });

  it('takes the longest entry that fits into a header', () => {
    const note = 'x'.repeat(4712);
    expect(offersOf(v2({ note })).best).not.toBeNull();
    expect(offersOf(v2({ note: `${note}x` })).unpayable[0]?.reason).toBe('too-long');
  });
});

describe('offersOf', () => {
  it('prefers the cheapest, and keeps the others in order', () => {
    const { best, others } = offersOf(v2({ amount: '30' }, { amount: '10' }, { amount: '20' }));
    expect([best, ...others].map((one) => one?.requirements.amount)).toEqual([10n, 20n, 30n]);
  });

  it('compares prices in dollars, whatever a token’s decimals', () => {
    const required = v2({ ...MEGA_USD }, { ...MAINNET, amount: '50001' });
    const { best, others } = offersOf(required, { networks: ALL_NETWORKS, allowanceOf: () => 10n ** 30n });
    expect(best?.asset.symbol).toBe('MegaUSD');
    expect(best?.microUsd).toBe(50_001n);
    expect(others).toHaveLength(1);
  });

  it('keeps the server’s order between equal prices', () => {
    const { best } = offersOf(v2(ARBITRUM_SEPOLIA, {}));
    expect(best?.network.chainId).toBe(421614);
  });

  it('takes money that is kept when the page fails only when there is nothing else', () => {
    const upfront = { amount: '1', extra: { paymentFlow: 'upfront' } };
    const { best, others } = offersOf(v2(upfront, { amount: '900' }));
    expect(best?.upfront).toBe(false);
    expect(others.map((one) => one.upfront)).toEqual([true]);
    expect(quote(v2(upfront)).upfront).toBe(true);
    expect(quote(v2({ extra: { paymentFlow: 'authorization' } })).upfront).toBe(false);
  });

  it('never mixes test money with real money, whichever comes first', () => {
    const test = offersOf(v2({ amount: '900' }, { ...MAINNET, amount: '1' }));
    expect(test.best?.network.testnet).toBe(true);
    expect(test.unpayable).toMatchObject([
      {
        reason: 'other-money',
        sentence: 'Test money and real money are never mixed.',
        quote: { microUsd: 1n },
      },
    ]);
    expect(quote(v2(MAINNET, { amount: '1' })).network.testnet).toBe(false);
  });

  it('keeps to the networks that the reader pays on', () => {
    const options = { allowed: ['eip155:8453'] };
    const { best, unpayable } = offersOf(v2({ amount: '1' }, MAINNET), options);
    expect(best?.network.id).toBe('eip155:8453');
    expect(unpayable).toMatchObject([
      { reason: 'network-not-allowed', sentence: "You don't pay on Base Sepolia.", quote: { microUsd: 1n } },
    ]);
  });

  it('leaves out what the wallet can’t cover, and takes an unknown balance for unknown', () => {
    const required = v2({ amount: '5' }, { ...ARBITRUM_SEPOLIA, amount: '10' });
    const balances = (held: { [id: string]: bigint }) => ({
      balanceOf: (one: Quote) => held[idOf(one)] ?? null,
    });
    expect(offersOf(required, balances({ 'eip155:84532': 4n })).best?.network.chainId).toBe(421614);
    expect(offersOf(required, balances({ 'eip155:84532': 4n })).unpayable).toMatchObject([
      { reason: 'balance', sentence: "You don't have enough USDC on Base Sepolia.", quote: { microUsd: 5n } },
    ]);
    expect(offersOf(required, balances({ 'eip155:84532': 5n })).best?.network.chainId).toBe(84532);
    expect(offersOf(required, balances({})).best?.network.chainId).toBe(84532);
  });

  it('prefers a balance that is known to suffice to a lower price', () => {
    const required = v2({ amount: '5' }, { ...ARBITRUM_SEPOLIA, amount: '10' });
    const balanceOf = (one: Quote) => (one.network.chainId === 421614 ? 10n : null);
    expect(quote(required, { balanceOf }).network.chainId).toBe(421614);
  });

  it('takes what is known to be short after everything else that is not kept by a page that fails', () => {
    const required = v2({ amount: '5' }, { ...ARBITRUM_SEPOLIA, amount: '10' });
    const isShort = (one: Quote) => one.network.chainId === 84532;
    const { best, others } = offersOf(required, { isShort });
    expect([best, ...others].map((one) => one?.network.chainId)).toEqual([421614, 84532]);
    expect(quote(v2({ amount: '5' }), { isShort }).network.chainId).toBe(84532);
    const upfront = v2({ amount: '5' }, { ...ARBITRUM_SEPOLIA, extra: { paymentFlow: 'upfront' } });
    expect(quote(upfront, { isShort }).network.chainId).toBe(84532);
  });

  it('takes a known balance behind an unknown one, when the known one is kept by a page that fails', () => {
    const required = v2({ amount: '5' }, { ...ARBITRUM_SEPOLIA, extra: { paymentFlow: 'upfront' } });
    const balanceOf = (one: Quote) => (one.network.chainId === 421614 ? 10_000n : null);
    expect(quote(required, { balanceOf }).network.chainId).toBe(84532);
  });
});

describe('Permit2 offers', () => {
  const options = (allowance: bigint | null) => ({ networks: ALL_NETWORKS, allowanceOf: () => allowance });

  it('are taken with an allowance that covers the price', () => {
    expect(quote(v2(MEGA_USD), options(50_000_000_000_000_001n))).toMatchObject({
      method: 'permit2',
      microUsd: 50_001n,
    });
  });

  it.each([50_000_000_000_000_000n, 0n, null])('are not taken with an allowance of %s', (allowance) => {
    expect(offersOf(v2(MEGA_USD), options(allowance)).unpayable[0]?.reason).toBe('allowance');
  });

  it('are never fallen back from: a token without ERC-3009 is not paid by it', () => {
    const { unpayable } = offersOf(v2({ ...MEGA_USD, extra: {} }), options(10n ** 30n));
    expect(unpayable).toMatchObject([
      { reason: 'method', sentence: 'MegaUSD on MegaETH is not paid that way.' },
    ]);
  });
});

describe('tokens that the reader added', () => {
  const added = {
    chainId: 31337,
    network: 'My chain',
    testnet: true,
    address: PAYEE,
    symbol: 'EURX',
    decimals: 2,
    domain: { name: 'X', version: '1' },
    autoPay: false,
  } as const;

  it('are payable, and not trusted until the reader says so', () => {
    const terms = v2({ network: 'eip155:31337', asset: PAYEE, extra: {} });
    const offer = quote(terms, { networks: withReaderTokens([added]) });
    expect(offer).toMatchObject({
      asset: { trusted: false },
      microUsd: 100_000_000n,
      network: { name: 'My chain' },
    });
    const trusted = quote(terms, { networks: withReaderTokens([{ ...added, autoPay: true }]) });
    expect(trusted.asset.trusted).toBe(true);
  });
});
