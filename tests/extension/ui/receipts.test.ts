import { expect, test } from 'vitest';
import type { Receipt } from '../../../extension/messaging/receipt.ts';
import { CSV_HEADER, csvRows, jsonRows } from '../../../extension/ui/receipts.ts';

const receipt: Receipt = {
  id: '1',
  purchase: { site: 'https://paper.example', url: 'https://paper.example/a', method: 'GET', bodyHash: null },
  terms: {
    network: 'eip155:8453',
    asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    symbol: 'USDC',
    decimals: 6,
    payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    amount: '50000',
    microUsd: '50000',
  },
  state: 'settled',
  verdict: { outcome: 'allow', reason: 'under-threshold' },
  transaction: '0xab',
  note: null,
  createdAt: 1_795_262_400_000,
  updatedAt: 1_795_262_401_000,
  payer: '0x857b06519E91e3A54538791bDbb0E22373e36b66',
  nonce: '0xf3',
  paymentId: 'pay_1',
};

test('a row has date, site, exact amounts, both accounts, transaction, and why it was paid', () => {
  expect(CSV_HEADER).toBe(
    'date_utc,status,site,url,method,amount,currency,amount_usd,network,network_id,token_contract,payer,payee,transaction,authorization_nonce,payment_id,decided_by,concluded_utc,note\r\n',
  );
  expect(csvRows([receipt])).toBe(
    '2026-11-21T12:00:00.000Z,settled,https://paper.example,https://paper.example/a,GET,0.05,USDC,0.05,Base,eip155:8453,0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913,0x857b06519E91e3A54538791bDbb0E22373e36b66,0x209693Bc6afc0C5328bA36FaF03C514EF312287C,0xab,0xf3,pay_1,under-threshold,2026-11-21T12:00:01.000Z,\r\n',
  );
});

test.each([
  ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(1)', "'@SUM(1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['a,b', '"a,b"'],
  ['two\nlines', '"two\nlines"'],
])('a note of %j is text to a spreadsheet', (note, cell) => {
  expect(csvRows([{ ...receipt, note }]).endsWith(`,${cell}\r\n`)).toBe(true);
});

test('JSON has the same fields as they are', () => {
  expect(jsonRows([{ ...receipt, note: '=1' }])).toMatchObject([
    { amount: '0.05', transaction: '0xab', payer: '0x857b06519E91e3A54538791bDbb0E22373e36b66', note: '=1' },
  ]);
});
