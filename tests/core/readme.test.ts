import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as core from '../../component/src/core/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Loopback } from '../../demo-site/world/loopback.ts';
import { newBuyer } from '../support/buyer.ts';
import { startV1Server, startV2Server } from '../support/official-servers.ts';
import { signTypedData } from '../support/typed-data.ts';

const README = new URL('../../component/src/core/README.md', import.meta.url);
let world: World;
let servers: { readonly v1: Loopback; readonly v2: Loopback };

beforeAll(async () => {
  world = await startWorld();
  const [v1, v2] = [
    await startV1Server(world, world.facilitatorUrl),
    await startV2Server(world, world.facilitatorUrl),
  ];
  servers = { v1, v2 };
});

afterAll(async () => {
  for (const part of [servers?.v1, servers?.v2, world]) await part?.stop();
});

describe('the ten lines of the README', () => {
  it.each(['v1', 'v2'] as const)('pay the official %s server', async (version) => {
    const { address: payer, privateKey } = await newBuyer(world, 50_000n);
    const provider = {
      request: async ({ params }: { params: readonly [string, string] }) =>
        signTypedData(JSON.parse(params[1]), privateKey),
    };
    const outcome = await run((await examples()).join(''), {
      url: `${servers[version].origin}/page`,
      payer,
      provider,
    });
    expect(outcome).toMatchObject({ state: 'settled', delivered: true });
    expect(await world.balanceOf(payer)).toBe(40_000n);
  });

  it('are ten', async () => {
    expect((await examples())[0]?.trim().split('\n')).toHaveLength(10);
  });

  it('name nothing that is not there', async () => {
    const text = await readFile(README, 'utf8');
    const names = [...text.matchAll(/`([a-z]\w+|[A-Z_]{6,})`/g)].map(([, name = '']) => name);
    const missing = names.filter((name) => !(name in core) && !NOT_EXPORTS.includes(name));
    expect(missing).toEqual([]);
  });
});

const NOT_EXPORTS = ['paid', 'payer', 'provider', 'unknown', 'bigint', 'number', 'name', 'path'];

/** The code blocks, without their imports. */
async function examples(): Promise<readonly string[]> {
  const text = await readFile(README, 'utf8');
  return [...text.matchAll(/```js\nimport [^;]+;\n\n([\s\S]*?)```/g)].map(([, code = '']) => code);
}

/** Runs the example as a module would, with the core's exports and `scope` as its names. */
async function run(code: string, scope: object): Promise<unknown> {
  const names = { ...core, ...scope };
  const module = new URL(`./readme-${process.pid}.tmp.mjs`, import.meta.url);
  await writeFile(
    module,
    `export default async ({ ${Object.keys(names).join(', ')} }) => {\n${code}\nreturn outcome;\n};`,
  );
  try {
    const { default: example } = await import(/* @vite-ignore */ module.href);
    return await example(names);
  } finally {
    await rm(module);
  }
}
