import { createPublicClient, http, multicall3Abi, parseAbi, zeroAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { isRunning } from './is-running.ts';

const abi = parseAbi([
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function version() view returns (string)',
  'function decimals() view returns (uint8)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
]);
const alice = privateKeyToAccount(`0x${'a1'.repeat(32)}`).address;
const bob = privateKeyToAccount(`0x${'b0'.repeat(32)}`).address;

let world: World;

beforeAll(async () => {
  const lines: string[] = [];
  const start = performance.now();
  world = await startWorld({ onProgress: (line) => lines.push(line) });
  console.info(`world started in ${Math.round(performance.now() - start)} ms: ${lines.join('; ')}`);
});

afterAll(() => world?.stop());

function chain() {
  return createPublicClient({ transport: http(world.rpcUrl) });
}

test('the chain says that it is Base Sepolia', async () => {
  expect(await chain().getChainId()).toBe(84532);
});

test.each([
  ['name', 'USDC'],
  ['symbol', 'USDC'],
  ['version', '2'],
  ['decimals', 6],
  ['DOMAIN_SEPARATOR', '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818'],
] as const)('USDC %s is what Base Sepolia has', async (functionName, expected) => {
  expect(await chain().readContract({ address: world.usdc, abi, functionName })).toBe(expected);
});

test('Multicall3 answers at its own address', async () => {
  const calls = [{ target: world.usdc, allowFailure: true, callData: '0x313ce567' }] as const;
  const [result] = await chain().readContract({
    address: '0xcA11bde05977b3631167028862bE2a173976CA11',
    abi: multicall3Abi,
    functionName: 'aggregate3',
    args: [calls],
  });
  expect(result).toEqual({ success: true, returnData: `0x${'6'.padStart(64, '0')}` });
});

test('mints at the same time all arrive, and are no transfers', async () => {
  await Promise.all([world.mint(alice, 1n), world.mint(alice, 20n), world.mint(bob, 300n)]);
  expect(await world.balanceOf(alice)).toBe(21n);
  expect(await world.balanceOf(bob)).toBe(300n);
  expect(await world.transfers()).toEqual([]);
});

test('the facilitator supports v1 and v2, and answers nonsense without falling over', async () => {
  const { kinds } = (await (await fetch(`${world.facilitatorUrl}/supported`)).json()) as { kinds: unknown };
  expect(kinds).toEqual([
    { x402Version: 2, scheme: 'exact', network: 'eip155:84532' },
    { x402Version: 1, scheme: 'exact', network: 'base-sepolia' },
  ]);
  for (const body of ['', '{', '{}', 'null', '{"paymentPayload":{}}']) {
    const answer = await fetch(`${world.facilitatorUrl}/settle`, { method: 'POST', body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
  expect((await fetch(`${world.facilitatorUrl}/supported`)).status).toBe(200);
});

test('the payee is the same in every world and worlds do not share a chain', async () => {
  const other = await startWorld();
  try {
    expect(other.payee).toBe(world.payee);
    await other.mint(zeroAddress.replace(/0$/, '7') as `0x${string}`, 5n);
    expect(await world.balanceOf(zeroAddress.replace(/0$/, '7') as `0x${string}`)).toBe(0n);
  } finally {
    await other.stop();
  }
});

test('stop, even called twice, leaves neither chain nor facilitator', async () => {
  const other = await startWorld();
  expect(isRunning(other.pid)).toBe(true);
  await Promise.all([other.stop(), other.stop()]);
  await other.stop();
  expect(isRunning(other.pid)).toBe(false);
  await expect(fetch(`${other.facilitatorUrl}/supported`)).rejects.toThrow();
});
