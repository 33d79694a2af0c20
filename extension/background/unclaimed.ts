import type { Detection } from './detections.ts';

/*
 * 402s that the browser has shown, until the page asks about them or their document shows. Each is found by what may
 * be said of it, without a look at the others, and the oldest go first: a page may make as many as it likes.
 */

/** Milliseconds that one is kept, and most that are. */
const KEPT = 30_000;
const MOST = 2_000;

/** In the order of their coming, with the time of that. */
const times = new Map<Detection, number>();
const byName = new Map<string, Detection[]>();
const waiting = new Map<string, Set<() => void>>();

/** The names of a 402 of the page that a tab has gone to. */
export const navigationName = (tabId: number, url: string) => `navigation ${tabId} ${url}`;
/** That of a worker, which may have been for a document. */
export const workerName = (origin: string, url: string) => `worker ${origin} ${url}`;
/** Those of a request of a script: by its document, by the worker that made it, or by the tab and who it was for. */
export const scriptName = (owner: string | number, method: string, url: string, origin = '') =>
  `script ${typeof owner} ${owner} ${origin} ${method} ${url}`;

function namesOf(one: Detection): readonly string[] {
  const { kind, tabId, url, method, documentId, initiator, isTabless } = one;
  if (kind === 'navigation') return [navigationName(tabId, url)];
  if (kind !== 'fetch') return [];
  const origin = initiator ?? '';
  return [
    ...(documentId === null ? [] : [scriptName(documentId, method, url)]),
    ...(isTabless
      ? [workerName(origin, url), scriptName('worker', method, url, origin)]
      : [scriptName(tabId, method, url, origin)]),
  ];
}

/** Keeps one until it is taken, or too old. */
export function addUnclaimed(detection: Detection): void {
  for (const [one, at] of times) {
    if (times.size < MOST && performance.now() - at < KEPT) break;
    remove(one);
  }
  times.set(detection, performance.now());
  for (const name of namesOf(detection)) {
    byName.set(name, [...(byName.get(name) ?? []), detection]);
    for (const wake of waiting.get(name) ?? []) wake();
  }
}

/** Takes the newest one that has any of these names, so that it is acted on once; null when there is none. */
export function takeNamed(names: readonly string[]): Detection | null {
  for (const name of names) {
    const found = newestNamed(name);
    if (found !== null && claim(found)) return found;
  }
  return null;
}

/** The newest one that has this name, left where it is; null when there is none, or it is too old. */
export function newestNamed(name: string): Detection | null {
  const found = byName.get(name)?.at(-1);
  if (found === undefined) return null;
  return performance.now() - (times.get(found) ?? 0) < KEPT ? found : null;
}

/** Takes this very one. @returns whether it was still there. */
export function claim(detection: Detection): boolean {
  const isThere = isUnclaimed(detection);
  remove(detection);
  return isThere;
}

/** Whether there is one that has any of these names, however old. */
export function isNamed(names: readonly string[]): boolean {
  return names.some((name) => byName.has(name));
}

/** Waits until one with any of these names has come, or for so many milliseconds. */
export async function untilNamed(names: readonly string[], patience: number): Promise<void> {
  let wake = () => {};
  const came = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patience);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  for (const name of names) waiting.set(name, (waiting.get(name) ?? new Set()).add(wake));
  await came;
  for (const name of names) {
    const others = waiting.get(name);
    others?.delete(wake);
    if (others?.size === 0) waiting.delete(name);
  }
}

/** Whether nobody has taken it so far. */
export function isUnclaimed(detection: Detection): boolean {
  return times.has(detection);
}

function remove(detection: Detection): void {
  times.delete(detection);
  for (const name of namesOf(detection)) {
    const others = byName.get(name)?.filter((one) => one !== detection) ?? [];
    if (others.length === 0) byName.delete(name);
    else byName.set(name, others);
  }
}
