import { expect, test } from 'vitest';
import { complaintsAbout, exitCodeOf } from '../../../extension/reader/outcome.ts';
import { type PageReport, paymentReport, spentOf } from '../../../extension/reader/report.ts';
import { DEFAULT_POLICY, toPolicyRecord } from '../../../extension/storage/settings.ts';
import { type Item, paidItem, payment, unpaidItem } from './samples.ts';

const POLICY = toPolicyRecord(DEFAULT_POLICY);
const NO_TERMS = { price: null, sentence: 'There are no terms.' };
const ABOVE = {
  verdict: { outcome: 'ask', reason: 'above-threshold', reasons: ['above-threshold'] },
} as const;

function page(status: number | null, ...items: readonly Item[]): PageReport {
  const payments = items.map((item) => paymentReport(item, POLICY));
  return { url: 'https://example.com/a', status, title: '', text: '', payments };
}

test('a payment says what was paid, to whom, how it ended, and why it was paid', () => {
  expect(paymentReport(paidItem('settled'), POLICY)).toEqual({
    url: 'https://example.com/a',
    method: 'GET',
    amount: '50000',
    usd: '0.05',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    network: 'eip155:84532',
    payTo: '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
    state: 'settled',
    transaction: '0xabc',
    decision: { outcome: 'allow', reason: 'under-threshold', sentence: expect.any(String) },
    note: null,
  });
});

test('what was not paid keeps its price, and the reason that it would have been asked about', () => {
  expect(paymentReport(unpaidItem(ABOVE), POLICY)).toMatchObject({
    amount: '50000',
    state: 'unpaid',
    transaction: null,
    decision: { outcome: 'ask', reason: 'above-threshold', sentence: expect.stringContaining('10¢') },
  });
});

test('terms that cannot be paid leave nulls and a sentence', () => {
  const nothing = { amount: null, usd: null, asset: null, network: null, payTo: null, state: 'unpaid' };
  const decision = { outcome: 'deny', reason: 'unpayable', sentence: 'There are no terms.' };
  expect(paymentReport(unpaidItem(NO_TERMS), POLICY)).toMatchObject({ ...nothing, decision });
});

test('terms that could have been paid, but for a failure, say so', () => {
  const { decision } = paymentReport(unpaidItem({ sentence: 'The key is locked.' }), POLICY);
  expect(decision).toEqual({ outcome: 'deny', reason: 'failed', sentence: 'The key is locked.' });
});

test('spent counts once whatever settled or still may, and nothing that is proven dead', () => {
  const payments = [
    payment({ id: 'a' }),
    payment({ id: 'a', state: 'sent' }),
    payment({ id: 'b', state: 'unknown' }),
    payment({ id: 'c', state: 'rejected' }),
    payment({ id: 'd', state: 'expired' }),
  ];
  expect(spentOf(payments)).toBe('0.15');
  expect(spentOf([])).toBe('0');
});

test.each([
  [0, 'a free page', [page(200)]],
  [0, 'a paid page', [page(200, paidItem('settled'))]],
  [0, 'a readable page with a payment of unknown end', [page(200, paidItem('unknown'))]],
  [1, 'a refused page', [page(402, unpaidItem(ABOVE))]],
  [1, 'a readable page with a refused request', [page(200, unpaidItem(ABOVE))]],
  [1, 'terms that cannot be paid', [page(402, unpaidItem(NO_TERMS))]],
  [1, 'one refused page among others, one of them broken', [page(500), page(402, unpaidItem(ABOVE))]],
  [4, 'no answer', [page(200), page(null)]],
  [4, 'an HTTP error', [page(404)]],
  [4, 'a payment that the server refused', [page(402, paidItem('rejected'))]],
  [4, 'a readable page with a payment that the server refused', [page(200, paidItem('rejected'))]],
])('exit code %i for %s', (code, _what, pages) => {
  expect(exitCodeOf(false, pages, [])).toBe(code);
});

test('a run that was cut short timed out, whatever its pages say; a problem alone makes it unreadable', () => {
  expect(exitCodeOf(true, [page(402, unpaidItem(ABOVE))], ['Timed out.'])).toBe(3);
  expect(exitCodeOf(false, [page(200)], ['No browser.'])).toBe(4);
});

test('complaints name the price and the reason, and say nothing twice', () => {
  const [refused, ...more] = complaintsAbout(page(402, unpaidItem(ABOVE)));
  expect(refused).toBe(
    'Not paid: 5¢ for https://example.com/a. The price is above your auto-pay limit of 10¢.',
  );
  expect(more).toEqual([]);
  expect(complaintsAbout(page(500, paidItem('settled')))).toEqual(['https://example.com/a answered 500.']);
  expect(complaintsAbout(page(200, paidItem('settled')))).toEqual([]);
});
