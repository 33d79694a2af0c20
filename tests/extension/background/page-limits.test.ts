import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Detection } from '../../../extension/background/detections.ts';
import {
  admit,
  awaited,
  giveBack,
  inTurn,
  isFull,
  leftAloneOn,
  mayKeepTerms,
  onPageLeft,
} from '../../../extension/background/page-limits.ts';
import {
  addUnclaimed,
  claim,
  isUnclaimed,
  newestNamed,
  scriptName,
  takeNamed,
  untilNamed,
} from '../../../extension/background/unclaimed.ts';

/** Numbers of tabs that no other test uses: the limits are kept in memory. */
let tabId = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
  tabId += 1;
});
afterEach(() => {
  onPageLeft(tabId);
  vi.useRealTimers();
});

function detection(change: Partial<Detection> = {}): Detection {
  return {
    requestId: '1',
    tabId,
    frameId: 0,
    documentId: 'DOC',
    kind: 'fetch',
    url: 'https://busy.example/a',
    method: 'GET',
    initiator: 'https://busy.example',
    askedBy: null,
    terms: null,
    unspecifiedTerms: null,
    otherWay: null,
    wantsHtml: false,
    redirect: null,
    isTabless: false,
    ...change,
  };
}

function admitMany(count: number, change: Partial<Detection> = {}): number {
  return Array.from({ length: count }, () => admit(detection(change))).filter((why) => why === null).length;
}

test('a page has 200 402s looked at in its life, whatever they are for (audit 6)', () => {
  expect(admitMany(150)).toBe(150);
  expect(admitMany(150, { kind: 'image' })).toBe(50);
  expect(isFull({ tabId, frameId: 0 })).toBe(true);
  expect(leftAloneOn(tabId)).toBe('too-many');
  onPageLeft(tabId);
  expect(leftAloneOn(tabId)).toBeNull();
  expect(admitMany(1)).toBe(1);
});

test('frames have no more than their page, and leave it some of that (audit 6)', () => {
  const frames = [1, 2, 3, 4, 5, 6, 7, 8].map((frameId) =>
    admitMany(50, { frameId, documentId: `${frameId}` }),
  );
  expect(frames.reduce((sum, one) => sum + one)).toBe(120);
  expect(admitMany(200)).toBe(80);
});

test('a 402 that was paid is not counted, since budgets bound it (audit 6)', () => {
  admitMany(200);
  for (let at = 0; at < 30; at += 1) giveBack({ tabId, frameId: 0 });
  expect(admitMany(100)).toBe(30);
});

test('a tab that goes from page to page without end is slowed down (audit 6)', () => {
  let looked = 0;
  for (let at = 0; at < 50; at += 1) {
    looked += admitMany(100);
    onPageLeft(tabId);
  }
  expect(looked).toBe(400);
  vi.advanceTimersByTime(10_000);
  expect(admitMany(100)).toBe(20);
});

test('workers of a site are bounded without a tab, and those of another site are not by them (audit 6)', () => {
  const worker = { tabId: -1, isTabless: true, documentId: null };
  expect(admitMany(600, { ...worker, initiator: `https://${tabId}.example` })).toBe(400);
  expect(admitMany(10, { ...worker, initiator: `https://other-${tabId}.example` })).toBe(10);
  expect(admitMany(10)).toBe(10);
});

test.each([
  ['method-too-long', { method: 'M'.repeat(33) }],
  ['address-too-long', { url: `https://busy.example/${'a'.repeat(65_536)}` }],
] as const)(
  'a 402 out of bounds is left alone with the code %s, and the page goes on (audit 7)',
  (why, change) => {
    expect(admit(detection(change))).toBe(why);
    expect(leftAloneOn(tabId)).toBe(why);
    expect(admit(detection())).toBeNull();
  },
);

test('what a page says about requests that have no 402 uses up what it has (audit 6)', async () => {
  for (let at = 0; at < 200; at += 1) await awaited({ tabId, frameId: 0 }, async () => null);
  const wait = vi.fn(async () => null);
  expect(await awaited({ tabId, frameId: 0 }, wait)).toBeNull();
  expect(wait).not.toHaveBeenCalled();
});

test('a page waits for 32 of its requests at a time, and the others are answered at once (audit 6)', async () => {
  const wait = vi.fn(() => new Promise<null>((resolve) => setTimeout(resolve, 2_000, null)));
  const all = Array.from({ length: 500 }, () => awaited({ tabId, frameId: 0 }, wait));
  expect(wait).toHaveBeenCalledTimes(32);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await Promise.all(all)).toEqual(all.map(() => null));
});

test('8 are dealt with at a time, in the order in which they came, and none once the page is left (audit 6)', async () => {
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const all = Array.from({ length: 20 }, (_, at) =>
    inTurn({ tabId, frameId: 0 }, async () => {
      begun.push(at);
      await new Promise<void>((resolve) => ends.push(resolve));
      return at;
    }),
  );
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  ends.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  onPageLeft(tabId);
  for (const end of ends) end();
  expect(await Promise.all(all)).toEqual([...Array(9).keys(), ...Array.from({ length: 11 }, () => null)]);
});

test('the terms that wait for the reader are bounded by their length, not by their number alone (audit 6)', () => {
  const kept = Array.from({ length: 200 }, () => mayKeepTerms(tabId, 200_000)).filter(Boolean);
  expect(kept.length).toBe(20);
  expect(leftAloneOn(tabId)).toBe('too-much-text');
});

test('of equal requests the newest 402 is taken, each once, and none that is too old (audit 6)', () => {
  const step = fc.oneof(
    fc.record({ add: fc.nat(3) }),
    fc.record({ take: fc.nat(3) }),
    fc.record({ wait: fc.integer({ min: 0, max: 20_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const model: { one: Detection; at: number; url: string }[] = [];
      const document = `${Math.random()}`;
      for (const act of steps) {
        if ('wait' in act) vi.advanceTimersByTime(act.wait);
        else if ('add' in act) {
          const one = detection({ documentId: document, url: `https://busy.example/${act.add}` });
          addUnclaimed(one);
          model.push({ one, at: performance.now(), url: one.url });
        } else {
          const url = `https://busy.example/${act.take}`;
          const fresh = model.filter((known) => known.url === url && performance.now() - known.at < 30_000);
          const expected = fresh.at(-1) ?? null;
          expect(takeNamed([scriptName(document, 'GET', url)])).toBe(expected?.one ?? null);
          if (expected !== null) model.splice(model.indexOf(expected), 1);
        }
      }
    }),
  );
});

test('402s that nobody asks about are forgotten, the oldest first (audit 6)', () => {
  const all = Array.from({ length: 3_000 }, (_, at) => detection({ url: `https://busy.example/${at}` }));
  for (const one of all) addUnclaimed(one);
  expect(all.filter(isUnclaimed)).toEqual(all.slice(-2_000));
  vi.advanceTimersByTime(30_000);
  addUnclaimed(detection());
  expect(all.filter(isUnclaimed)).toEqual([]);
});

test('who waits for a 402 is told as soon as it has come', async () => {
  const name = scriptName('DOC', 'GET', `https://busy.example/${tabId}`);
  let isTold = false;
  const told = untilNamed([name], 2_000).then(() => {
    isTold = true;
  });
  addUnclaimed(detection({ url: 'https://busy.example/another' }));
  await vi.advanceTimersByTimeAsync(0);
  expect(isTold).toBe(false);
  addUnclaimed(detection({ url: `https://busy.example/${tabId}` }));
  await told;
  expect(takeNamed([name])?.url).toBe(`https://busy.example/${tabId}`);
});

test('a 402 that nobody has taken for half a minute is found by no name, and one that is claimed is claimed once', () => {
  const name = scriptName('DOC', 'GET', 'https://example.com/claimed');
  const old = detection({ url: 'https://example.com/claimed' });
  addUnclaimed(old);
  vi.advanceTimersByTime(29_999);
  expect(newestNamed(name)).toBe(old);
  vi.advanceTimersByTime(1);
  expect(newestNamed(name)).toBeNull();
  expect(takeNamed([name])).toBeNull();
  const fresh = detection({ url: 'https://example.com/claimed' });
  addUnclaimed(fresh);
  expect(newestNamed(name)).toBe(fresh);
  expect(claim(fresh)).toBe(true);
  expect(claim(fresh)).toBe(false);
  expect(takeNamed([name])).toBeNull();
});
