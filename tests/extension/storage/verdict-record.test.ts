import { MalformedError } from 'tuppence/core';
import { expect, test } from 'vitest';
import { asVerdict } from '../../../extension/storage/verdict-record.ts';

test('a question keeps all its reasons', () => {
  const verdict = { outcome: 'ask', reason: 'changed-payee', reasons: ['changed-payee', 'price-rose'] };
  expect(asVerdict(verdict, 'verdict')).toEqual(verdict);
});

test('a question that an older version wrote has the one reason it kept', () => {
  expect(asVerdict({ outcome: 'ask', reason: 'price-rose' }, 'verdict')).toEqual({
    outcome: 'ask',
    reason: 'price-rose',
    reasons: ['price-rose'],
  });
});

test.each([
  ['no reasons', []],
  ['another first reason', ['price-rose', 'changed-payee']],
  ['a reason that there is not', ['changed-payee', 'the-moon']],
  ['a text', 'changed-payee'],
])('a question with %s can’t be read', (_, reasons) => {
  expect(() => asVerdict({ outcome: 'ask', reason: 'changed-payee', reasons }, 'verdict')).toThrow(
    MalformedError,
  );
});
