import { expect, test } from 'vitest';
import type { Load } from '../../../extension/reader/page-watch.ts';
import { type Sight, unfinished } from '../../../extension/reader/unfinished.ts';
import { encounter, paidItem, unpaidItem } from './samples.ts';

const url = 'https://example.com/a';
const asked: Load = { url, status: 402 };
const shown: Load = { url, status: 200 };
const still: Pick<Sight, 'hasLoaded' | 'isQuiet'> = { hasLoaded: true, isQuiet: true };
const fetching = { kind: 'fetch', documentId: 'd', url: 'https://example.com/api' } as const;

test.each<[string, string | null, Partial<Sight>]>([
  ['nothing came yet', 'an answer', { loads: [] }],
  ['a free page still loads', 'the page to load', { loads: [shown], hasLoaded: false }],
  ['it chatters', 'the network to fall silent', { loads: [shown], isQuiet: false }],
  ['a free page is there', null, { loads: [shown] }],
  ['a 402 has only just arrived', 'the extension to look at the 402', { loads: [asked] }],
  ['it is looked at', 'a payment to finish', { items: [{ encounter: encounter(), payment: null }] }],
  ['it was signed', 'a payment to finish', { items: [paidItem('signed')] }],
  ['it was sent', 'a payment to finish', { items: [paidItem('sent')] }],
  ['it settled, and the page is on its way', 'the paid page', { items: [paidItem('settled')] }],
  ['it settled, and the page is there', null, { loads: [asked, shown], items: [paidItem('settled')] }],
  ['it was rejected, and the answer is to come', 'the paid page', { items: [paidItem('rejected')] }],
  ['it was rejected', null, { loads: [asked, asked], items: [paidItem('rejected')] }],
  ['the answer got lost', null, { items: [paidItem('unknown')] }],
  ['it was refused', null, { items: [unpaidItem()] }],
  ['it was refused, and still loads', 'the page to load', { items: [unpaidItem()], hasLoaded: false }],
  [
    'another address was paid before it',
    'the extension to look at the 402',
    { items: [paidItem('settled', { url: 'https://example.com/b' })] },
  ],
  [
    'a free page pays for a request',
    'a payment to finish',
    { loads: [shown], items: [paidItem('sent', fetching)] },
  ],
  [
    'a free page has paid for a request',
    null,
    { loads: [shown], items: [paidItem('settled', fetching), unpaidItem(fetching)] },
  ],
])('%s: %s', (_what, expected, sight) => {
  expect(unfinished({ loads: [asked], items: [], ...still, ...sight })).toBe(expected);
});
