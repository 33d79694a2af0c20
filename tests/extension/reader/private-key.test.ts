import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKey } from '../../../extension/reader/private-key.ts';
import { UsageError } from '../../../extension/reader/usage.ts';

const DIGITS = 'Ab'.repeat(32);
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-'));
  file = join(folder, 'key');
  await writeFile(file, `\n 0x${DIGITS}\r\n`);
});

afterAll(() => rm(folder, { recursive: true }));

test('a key file is trimmed, and comes before the environment', async () => {
  const { key, isThrowaway } = await readKey(file, { READER_PRIVATE_KEY: '11'.repeat(32) });
  expect([key, isThrowaway]).toEqual([`0x${DIGITS}`, false]);
});

test('the environment may leave out 0x', async () => {
  expect((await readKey(null, { READER_PRIVATE_KEY: DIGITS })).key).toBe(`0x${DIGITS}`);
});

test('without either, each run has a key of its own', async () => {
  const [one, other] = [await readKey(null, {}), await readKey(null, {})];
  expect(one.key).toMatch(/^0x[0-9a-f]{64}$/);
  expect([one.isThrowaway, one.key === other.key]).toEqual([true, false]);
});

test.each([
  ['', 'empty'],
  [DIGITS.slice(2), 'too short'],
  [`${DIGITS}00`, 'too long'],
  [`0X${DIGITS}`, 'with another prefix'],
  [DIGITS.replace('A', 'g'), 'not hexadecimal'],
  ['00'.repeat(32), 'zero'],
  ['ff'.repeat(32), 'beyond the curve'],
])('%j is refused without being repeated: %s', async (text) => {
  const failure = await readKey(null, { READER_PRIVATE_KEY: text }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  if (text !== '') expect(String(failure)).not.toContain(text);
});

test('a key given instead of a file name is not repeated either', async () => {
  const failure = await readKey(DIGITS, {}).catch((error: unknown) => error);
  expect(String(failure)).toContain('ENOENT');
  expect(String(failure)).not.toContain(DIGITS);
});
