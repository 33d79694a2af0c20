import { expect, test } from 'vitest';
import { newAuthorization, termsOf } from '../../component/src/core/index.ts';
import { eip1193Chain } from '../../component/src/wallet/eip1193-chain.ts';
import { type Script, scriptedWallet } from './support/scripted-wallet.ts';
import { PAYER, quoted } from './support/terms.ts';

const authorization = newAuthorization(quoted(), PAYER, 1_800_000_000);
const YES = `0x${'0'.repeat(63)}1`;
const NO = `0x${'0'.repeat(64)}`;

function chainWith(script: Script, time = 1_800_000_000n) {
  const { provider, calls } = scriptedWallet({
    eth_getBlockByNumber: () => ({ number: '0x10', timestamp: `0x${time.toString(16)}` }),
    eth_call: () => NO,
    ...script,
  });
  return { fate: () => eip1193Chain(provider).fateOf(termsOf(quoted()), authorization), calls };
}

test('asks authorizationState of the token, at the block whose time it read', async () => {
  const { fate, calls } = chainWith({ eth_call: () => YES });
  expect(await fate()).toBe('used');
  const data = `0xe94a0102${'0'.repeat(24)}${PAYER.slice(2).toLowerCase()}${authorization.nonce.slice(2)}`;
  expect(calls.at(-1)?.params).toEqual([{ to: quoted().asset.address, data }, '0x10']);
});

test('unused is open until a block is ten minutes past the end, whatever the clock here says', async () => {
  expect(await chainWith({}, authorization.validBefore + 599n).fate()).toBe('open');
  expect(await chainWith({}, authorization.validBefore + 600n).fate()).toBe('dead');
});

test.each<[string, Script]>([
  ['is on another network', { eth_chainId: () => '0x1', eth_call: () => YES }],
  ['answers nonsense', { eth_call: () => '0x' }],
  ['has no block', { eth_getBlockByNumber: () => null }],
  [
    'fails',
    {
      eth_call: () => {
        throw new Error('down');
      },
    },
  ],
])('a wallet that %s knows nothing', async (_what, script) => {
  expect(await chainWith(script).fate()).toBe('unreachable');
});
