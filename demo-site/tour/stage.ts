import { asAddress } from 'tuppence/core';
import type { LaunchOptions } from '../../extension/reader/launch.ts';
import { type Session, type SessionOptions, startSession } from '../../extension/reader/session.ts';
import { unlessAborted } from '../../extension/reader/waiting.ts';
import { DEFAULT_POLICY } from '../../extension/storage/settings.ts';
import { type Publication, startPublication } from '../server/index.ts';
import { startWorld, type World } from '../world/index.ts';
import { type Start, withParts } from './parts.ts';
import type { Terminal } from './terminal.ts';

export type BrowserOptions = Pick<SessionOptions, 'unattended' | 'passphrase'> &
  Pick<LaunchOptions, 'headless'>;

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
  browser: BrowserOptions,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  return withParts(terminal, signal, async (start) => {
    const world = await start('A local chain with USDC, and a facilitator', () => startWorld());
    const publication = await start('Common Measure, a magazine that charges', () => startPublication(world));
    const session = await startReader(start, world, publication, browser);
    return await unlessAborted(play({ world, publication, session }), signal);
  });
}

/** A browser that pays in `world`, whose transactions the publication shows, with pocket money on a new key. */
export async function startReader(
  start: Start,
  world: World,
  { origin: explorer }: Publication,
  { headless = true, ...rest }: BrowserOptions,
): Promise<Session> {
  const { session } = await start('Chromium with the extension, and 10 USDC of test money', async () => {
    const options = {
      ...rest,
      privateKey: null,
      policy: { ...DEFAULT_POLICY, autoPay: THRESHOLD, anySite: true },
      rpcs: [{ network: world.network, url: world.rpcUrl, explorer }],
    };
    const session = await startSession(options, { headless, endOnSignals: false });
    return { session, stop: session.browser.close };
  });
  await world.mint(asAddress(session.payer, 'payer'), POCKET_MONEY);
  return session;
}
