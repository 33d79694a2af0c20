import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOwnMessage } from '../../../extension/messaging/own-messages.ts';
import { parseBridgeOrder, parsePageWord } from '../../../extension/messaging/page-messages.ts';

const KEY = `0x${'ab'.repeat(32)}`;

test('a message of one of our own pages is read field by field', () => {
  expect(parseOwnMessage({ kind: 'createKey', passphrase: 'long enough', privateKey: KEY, more: 1 })).toEqual(
    {
      kind: 'createKey',
      passphrase: 'long enough',
      privateKey: KEY,
    },
  );
  expect(parseOwnMessage({ kind: 'overview', tabId: null })).toEqual({ kind: 'overview', tabId: null });
});

test.each([
  { kind: 'nothing we know' },
  { kind: 'createKey', passphrase: 'long enough', privateKey: '0x1234' },
  { kind: 'answer', id: 'x', approve: 'yes', passphrase: null, allowSite: false },
  { kind: 'overview', tabId: '1' },
  { kind: 'setPolicy', policy: {} },
])('%j is refused', (message) => {
  expect(() => parseOwnMessage(message)).toThrow();
});

test('whatever arrives is either read or refused with a named error', () => {
  const parsers = [parseOwnMessage, parsePageWord, parseBridgeOrder];
  const message = fc.oneof(
    fc.anything(),
    fc.record({ kind: fc.constantFrom('answer', 'page-402', 'verdict', 'setPolicy'), id: fc.anything() }),
  );
  fc.assert(
    fc.property(message, fc.constantFrom(...parsers), (value, parse) => {
      try {
        parse(value);
      } catch (error) {
        expect(error).toHaveProperty('name', expect.stringMatching(/^\w+\.\w+Error$/));
      }
    }),
    { numRuns: 2_000 },
  );
});
