import { parseArgs } from 'node:util';
import {
  ALL_NETWORKS,
  type AllowedOrigin,
  knownNetwork,
  type Policy,
  parseDecimal,
  sentenceOf,
  USD_DECIMALS,
} from 'tuppence/core';
import { DEFAULT_POLICY } from '../storage/settings.ts';
import { UsageError } from './usage.ts';

/** What the reader was told to do. */
export type ReaderOptions = {
  /** In order, at least one; http or https. */
  readonly urls: readonly string[];
  readonly keyFile: string | null;
  readonly rpcs: readonly Rpc[];
  /** Amounts in millionths of a US dollar. */
  readonly policy: Policy;
  /** CSS selector, or null. */
  readonly waitFor: string | null;
  readonly screenshot: string | null;
  /** For all pages together. */
  readonly timeoutSeconds: number;
};

/** A network by its CAIP-2 id, an http(s) JSON-RPC endpoint for it, and the explorer of a chain of its own. */
export type Rpc = { readonly network: string; readonly url: string; readonly explorer?: string };

const TEXT = { type: 'string' } as const;
const TEXTS = { type: 'string', multiple: true } as const;
const OPTIONS = {
  'key-file': TEXT,
  rpc: TEXTS,
  'auto-pay': TEXT,
  budget: TEXT,
  'allow-site': TEXTS,
  'wait-for': TEXT,
  screenshot: TEXT,
  timeout: TEXT,
  // biome-ignore lint/suspicious/noThenProperty: the name of a command-line option; nothing awaits this.
  then: TEXTS,
  help: { type: 'boolean', short: 'h' },
} as const;

const DEFAULT_TIMEOUT = 60;
/** A day: longer is beyond what timers can count, and beyond what anybody means. */
const MAX_TIMEOUT = 86_400;

/**
 * The command line, without node and script, as options; `'help'` when that was asked for.
 *
 * @throws {UsageError} for everything that is not exactly right: a limit that is guessed at would cost money.
 */
export function parseOptions(args: readonly string[]): ReaderOptions | 'help' {
  const { values, positionals } = tokens(args);
  if (values.help === true) return 'help';
  const [url, ...surplus] = positionals;
  if (url === undefined) throw new UsageError('The address of a page is missing.');
  if (surplus.length > 0)
    throw new UsageError('One address is expected; further ones are given with --then.');
  const urls = [asWebUrl(url, 'The address'), ...(values.then ?? []).map((then) => asWebUrl(then, '--then'))];
  return {
    urls,
    keyFile: given(values['key-file'], '--key-file'),
    rpcs: (values.rpc ?? []).map(asRpc),
    policy: asPolicy(values['auto-pay'], values.budget, values['allow-site'] ?? [], urls),
    waitFor: given(values['wait-for'], '--wait-for'),
    screenshot: given(values.screenshot, '--screenshot'),
    timeoutSeconds: asTimeout(values.timeout),
  };
}

function tokens(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence = ''] = sentenceOf(error).split(/[.\n]/); // What follows is about positionals that begin with a dash.
    throw new UsageError(`${sentence}.`);
  }
}

/** Whoever names an address wants what is on that page too: the parts of a page are paid on sites allowed by name. */
function asPolicy(
  autoPay: string | undefined,
  budget: string | undefined,
  sites: readonly string[],
  urls: readonly string[],
): Policy {
  const pairs = sites.filter((site) => site.includes('+')).map(asPair);
  const own = sites.filter((site) => !site.includes('+')).map(asOrigin);
  const named = sites.length > 0 ? own : urls.map((url) => new URL(url).origin);
  return {
    paused: false,
    autoPay: autoPay === undefined ? DEFAULT_POLICY.autoPay : asUsd(autoPay, '--auto-pay'),
    dayBudget: budget === undefined ? DEFAULT_POLICY.dayBudget : asUsd(budget, '--budget'),
    anySite: sites.length === 0,
    allowedSites: [...new Set(named)],
    ...(pairs.length === 0 ? {} : { allowedOrigins: pairs }),
  };
}

function asUsd(text: string, option: string): bigint {
  try {
    return parseDecimal(text, USD_DECIMALS);
  } catch (error) {
    throw new UsageError(`${option} takes US dollars. ${sentenceOf(error)}`);
  }
}

function asRpc(text: string): Rpc {
  const [, network, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (network === undefined || url === undefined)
    throw new UsageError(
      `--rpc takes a network and an address, such as eip155:8453=https://…, not “${text}”.`,
    );
  if (knownNetwork(network, ALL_NETWORKS) === null)
    throw new UsageError(
      `--rpc names the network “${network}”, which is not one of ${ALL_NETWORKS.map(({ id }) => id).join(', ')}.`,
    );
  return { network, url: asWebUrl(url, '--rpc') };
}

/** `SITE+ORIGIN`: what another origin has on the pages of a site. */
function asPair(text: string): AllowedOrigin {
  const at = text.indexOf('+');
  return { site: asOrigin(text.slice(0, at)), origin: asOrigin(text.slice(at + 1)) };
}

function asOrigin(text: string): string {
  const isOrigin = /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
  if (!isOrigin)
    throw new UsageError(`--allow-site takes an origin such as https://example.com, not “${text}”.`);
  return text;
}

function asWebUrl(text: string, what: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new UsageError(`${what} must begin with http:// or https:// and be complete; it is “${text}”.`);
  return new URL(text).href;
}

function asTimeout(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TIMEOUT;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= MAX_TIMEOUT) return seconds;
  throw new UsageError(`--timeout takes seconds, more than 0 and at most ${MAX_TIMEOUT}, not “${text}”.`);
}

function given(text: string | undefined, option: string): string | null {
  if (text === '') throw new UsageError(`${option} was given nothing.`);
  return text ?? null;
}
