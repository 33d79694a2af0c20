import fc from 'fast-check';
import { parseSignature, serializeCompactSignature, signatureToCompactSignature } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { newAuthorization, typedData } from '../../component/src/core/index.ts';
import { eip1193Wallet } from '../../component/src/wallet/eip1193.ts';
import {
  DeclinedError,
  NoAccountError,
  WalletFailedError,
  WrongChainError,
} from '../../component/src/wallet/errors.ts';
import { count, rpcError, type Script, scriptedWallet } from './support/scripted-wallet.ts';
import { PAYER, quoted, SIGNATURE } from './support/terms.ts';

const { network } = quoted();
const data = typedData(quoted(), newAuthorization(quoted(), PAYER, 1_800_000_000));

function walletWith(script: Script) {
  const { provider, calls } = scriptedWallet(script);
  return { wallet: eip1193Wallet(provider, network), calls };
}

test('connects, and leaves a wallet on the right network alone', async () => {
  const { wallet, calls } = walletWith({});
  expect(await wallet.address()).toBe(PAYER);
  expect(calls.map(({ method }) => method)).toEqual(['eth_requestAccounts', 'eth_chainId']);
});

test('signs the typed data as JSON, with its domain type, for the account that pays', async () => {
  const { wallet, calls } = walletWith({});
  expect(await wallet.sign(data)).toBe(SIGNATURE);
  const [account, text] = calls[0]?.params ?? [];
  expect(account).toBe(PAYER);
  expect(JSON.parse(String(text))).toEqual(data);
  expect(JSON.parse(String(text)).types.EIP712Domain).toHaveLength(4);
});

test('asks to change the network, and believes it only when it has changed', async () => {
  let chain = '0x1';
  const { wallet, calls } = walletWith({
    eth_chainId: () => chain,
    wallet_switchEthereumChain: () => {
      chain = '0x14a34';
      return null;
    },
  });
  expect(await wallet.address()).toBe(PAYER);
  expect(calls.find(({ method }) => method === 'wallet_switchEthereumChain')?.params).toEqual([
    { chainId: '0x14a34' },
  ]);
  const stubborn = walletWith({ eth_chainId: () => '0x1', wallet_switchEthereumChain: () => null });
  await expect(stubborn.wallet.address()).rejects.toBeInstanceOf(WrongChainError);
});

test.each([
  [4001, true],
  [4902, false],
])('a change of network refused with %i tells whether the wallet has it', async (code, hasIt) => {
  const refuse = () => {
    throw rpcError(code);
  };
  const { wallet, calls } = walletWith({ eth_chainId: () => 1, wallet_switchEthereumChain: refuse });
  await expect(wallet.address()).rejects.toMatchObject({ network: 'Base Sepolia', hasIt });
  expect(count(calls, 'eth_signTypedData_v4')).toBe(0);
});

test('a wallet without an account, with none that can be, or with a locked question says so', async () => {
  await expect(walletWith({ eth_requestAccounts: () => [] }).wallet.address()).rejects.toBeInstanceOf(
    NoAccountError,
  );
  await expect(walletWith({ eth_requestAccounts: () => ['me'] }).wallet.address()).rejects.toThrow();
  const pending = walletWith({
    eth_requestAccounts: () => {
      throw rpcError(-32002);
    },
  });
  await expect(pending.wallet.address()).rejects.toMatchObject({ isBusy: true });
});

test('a refusal, a failure and an answer that is no signature sign nothing', async () => {
  const sign = (answer: () => unknown) => walletWith({ eth_signTypedData_v4: answer }).wallet.sign(data);
  const fail = (error: Error) => () => {
    throw error;
  };
  await expect(sign(fail(rpcError(4001)))).rejects.toBeInstanceOf(DeclinedError);
  await expect(sign(fail(rpcError(-32603, 'hardware is away')))).rejects.toThrow('hardware is away');
  await expect(sign(fail(rpcError(-32603)))).rejects.toBeInstanceOf(WalletFailedError);
  await expect(sign(() => 'yes')).rejects.toThrow('signature');
});

test('C25: a signature whose v is 0 or 1, or that has 64 bytes, is made one that token contracts take', async () => {
  const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.constantFrom('v 27', 'v 0', '64 bytes'), async (message, form) => {
      const whole = await account.signMessage({ message });
      const parts = parseSignature(whole);
      const given = {
        'v 27': whole,
        'v 0': `${whole.slice(0, -2)}0${parts.yParity}`,
        '64 bytes': serializeCompactSignature(signatureToCompactSignature(parts)),
      }[form];
      const { wallet } = walletWith({ eth_signTypedData_v4: () => given });
      expect(await wallet.sign(data)).toBe(whole);
    }),
  );
});
