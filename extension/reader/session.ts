import { type Hex, type Policy, randomHex } from 'tuppence/core';
import { type PolicyRecord, toPolicyRecord } from '../storage/settings.ts';
import { type LaunchOptions, launchPayingBrowser, type PayingBrowser } from './launch.ts';
import type { Rpc } from './options.ts';

export type SessionOptions = {
  /** Imported as the spending key; null makes a new one. */
  readonly privateKey: Hex | null;
  readonly policy: Policy;
  readonly rpcs: readonly Rpc[];
  /** Nobody is there to be asked: every question is answered with a refusal. */
  readonly unattended: boolean;
  /** At least 8 characters; a random one, which nobody will know, unless given. */
  readonly passphrase?: string;
};

/** A browser that pays, with a key and limits. */
export type Session = {
  readonly browser: PayingBrowser;
  /** Address of the spending key. */
  readonly payer: string;
  readonly policy: PolicyRecord;
};

/**
 * Starts Chromium with the extension, and gives it a spending key and limits.
 *
 * @throws {NoChromiumError} @throws {ExtensionError}
 */
export async function startSession(
  { privateKey, policy, rpcs, unattended, passphrase = randomHex(32) }: SessionOptions,
  launch: LaunchOptions,
): Promise<Session> {
  const browser = await launchPayingBrowser(launch);
  try {
    const record = toPolicyRecord(policy);
    const [{ address }] = await Promise.all([
      browser.ask('createKey', { passphrase, privateKey }),
      browser.ask('setPolicy', { policy: record }),
      browser.ask('setUnattended', { unattended }),
      ...rpcs.map((rpc) => browser.ask('setRpc', { explorer: null, ...rpc })),
    ]);
    return { browser, payer: address, policy: record };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
