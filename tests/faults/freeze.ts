import type { Worker } from 'playwright';

/** What an armed background reports: every point it has passed, and whether it has come to the one it ends at. */
export type Passed = { readonly names: readonly string[]; readonly frozen: boolean };

/**
 * Makes the background end at the `at`-th of its effects on the world: before or after each write transaction, and
 * before or after each call of the browser and of the network. From that point on nothing that it still does has
 * any effect, which is what a kill at that point is to the rest of the world. Then it is killed for real.
 *
 * It is the shipped build that runs: the points are put around the browser's own functions, from outside.
 */
export async function freezeAt(worker: Worker, at: number): Promise<void> {
  await worker.evaluate(install, at);
}

export async function passedBy(worker: Worker): Promise<Passed> {
  return worker.evaluate(() => {
    const { names, frozen } = (globalThis as unknown as { tuppencePoints: Passed }).tuppencePoints;
    return { names, frozen };
  });
}

/** Runs in the background, so it can use nothing from here. */
function install(at: number): void {
  type Fn = (...args: unknown[]) => Promise<unknown>;
  const scope = globalThis as unknown as {
    tuppencePoints?: { names: string[]; frozen: boolean; at: number };
    fetch: Fn;
    chrome: Record<string, Record<string, Fn>>;
  };
  const known = scope.tuppencePoints;
  if (known !== undefined) {
    Object.assign(known, { names: [], at, frozen: false });
    return;
  }
  const points = { names: [] as string[], frozen: false, at };
  scope.tuppencePoints = points;
  const isDead = (name: string): boolean => {
    if (points.frozen) return true;
    points.names.push(name);
    points.frozen = points.names.length === points.at;
    return points.frozen;
  };
  const never = () => new Promise<unknown>(() => undefined);
  const wrap = (owner: Record<string, Fn>, key: string) => {
    const original = owner[key]?.bind(owner);
    if (original === undefined) return;
    owner[key] = async (...args) => {
      if (isDead(`before ${key}`)) return never();
      const result = await original(...args);
      return isDead(`after ${key}`) ? never() : result;
    };
  };
  wrap(scope as unknown as Record<string, Fn>, 'fetch');
  for (const [area, ...keys] of [
    ['declarativeNetRequest', 'updateSessionRules', 'getSessionRules', 'isRegexSupported'],
    ['tabs', 'reload', 'get', 'sendMessage'],
    ['windows', 'create', 'remove'],
    ['alarms', 'create'],
  ] as const)
    for (const key of keys) wrap(scope.chrome[area] ?? {}, key);
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const name = `write ${[stores].flat().join('+')}`;
    if (mode !== 'readwrite') return begin.call(this, stores, mode, options);
    if (isDead(`before ${name}`)) throw new DOMException('killed here', 'AbortError');
    const transaction = begin.call(this, stores, mode, options);
    transaction.addEventListener('complete', () => isDead(`after ${name}`));
    return transaction;
  };
}
