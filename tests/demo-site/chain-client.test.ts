import { json } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createChainClient, receiptOf } from '../../demo-site/world/chain-client.ts';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';

const hash = `0x${'ab'.repeat(32)}` as const;
const receipt = { transactionHash: hash, status: '0x1', blockNumber: '0x7', logs: [] };
let node: Loopback | undefined;
afterEach(() => node?.stop());

test('a receipt that is there only later is found, though no other block comes', async () => {
  let looks = 0;
  node = await listenOnLoopback(async (request, response) => {
    const { id, method } = (await json(request)) as { id: number; method: string };
    const result = method === 'eth_blockNumber' ? '0x7' : ++looks < 4 ? null : receipt;
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
  expect(await receiptOf(createChainClient(node.origin), hash)).toMatchObject({ status: 'success' });
  expect(looks).toBe(4);
});
