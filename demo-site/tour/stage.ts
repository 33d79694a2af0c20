import { asAddress } from 'tuppence/core';
import type { LaunchOptions } from '../../extension/reader/launch.ts';
import { type Session, type SessionOptions, startSession } from '../../extension/reader/session.ts';
import { unlessAborted } from '../../extension/reader/waiting.ts';
import { DEFAULT_POLICY } from '../../extension/storage/settings.ts';
import { type Publication, startPublication } from '../server/index.ts';
import { startWorld, type World } from '../world/index.ts';
import type { Terminal } from './terminal.ts';

/** Everything that a reader of the magazine needs, running. */
export type Stage = {
  readonly world: World;
  readonly publication: Publication;
  readonly session: Session;
};

/** Pays up to this many millionths of a dollar without asking, on every site. */
export const THRESHOLD = 100_000n;
/** Atomic units of USDC on the reader's new key. */
const POCKET_MONEY = 10_000_000n;

/**
 * Starts chain, magazine and browser, lets `play` use them, and stops them all, however it ends.
 *
 * @throws the signal's reason when it is aborted meanwhile, and what starting throws
 */
export async function onStage<T>(
  terminal: Terminal,
  signal: AbortSignal,
  browser: Pick<SessionOptions, 'unattended' | 'passphrase'> & Pick<LaunchOptions, 'headless'>,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const started: { stop: () => Promise<void> }[] = [];
  const step = <R>(what: string, work: () => Promise<R>) => {
    signal.throwIfAborted();
    return terminal.step(what, work);
  };
  try {
    const world = await step('A local chain with USDC, and a facilitator', () => startWorld());
    started.unshift(world);
    const publication = await step('Common Measure, a magazine that charges', () => startPublication(world));
    started.unshift(publication);
    const session = await step('Chromium with the extension', () => startReader(world, browser));
    started.unshift({ stop: session.browser.close });
    await step('10 USDC on a new spending key', () =>
      world.mint(asAddress(session.payer, 'payer'), POCKET_MONEY),
    );
    return await unlessAborted(play({ world, publication, session }), signal);
  } finally {
    for (const one of started) await one.stop();
  }
}

function startReader(
  world: World,
  { headless = true, ...rest }: Parameters<typeof onStage>[2],
): Promise<Session> {
  return startSession(
    {
      ...rest,
      privateKey: null,
      policy: { ...DEFAULT_POLICY, autoPay: THRESHOLD, anySite: true },
      rpcs: [{ network: world.network, url: world.rpcUrl }],
    },
    { headless, endOnSignals: false },
  );
}
