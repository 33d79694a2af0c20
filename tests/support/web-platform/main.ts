import type { Check } from './check.ts';
import { fetchChecks } from './fetch-checks.ts';
import { libraryChecks } from './library-checks.ts';
import { shapeChecks } from './shape-checks.ts';
import { xhrChecks } from './xhr-checks.ts';

/** What every check saw, by its name: plain JSON, so that two runs can be compared. */
export type Results = Readonly<Record<string, unknown>>;

const GROUPS: Readonly<Record<string, readonly Check[]>> = {
  shape: shapeChecks,
  fetch: fetchChecks,
  xhr: xhrChecks,
  axios: libraryChecks,
};
/** Milliseconds of one check, of which the extension may wait ten for terms without end; a loaded machine needs more. */
const PATIENCE = 60_000;

Object.assign(window, { runChecks });

async function runChecks(): Promise<Results> {
  const results: Record<string, unknown> = {};
  for (const [group, checks] of Object.entries(GROUPS))
    for (const [name, look] of checks) {
      if (`${group}: ${name}` in results) throw new Error(`Two checks are called ${name}.`);
      results[`${group}: ${name}`] = await Promise.race([seen(look), gaveUp()]);
    }
  return JSON.parse(JSON.stringify(results));
}

async function seen(look: Check[1]): Promise<unknown> {
  try {
    return await look();
  } catch (error) {
    return { failed: String(error) };
  }
}

function gaveUp(): Promise<string> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE, 'no end'));
}
