import { asTextOrNull, decodeBase64, parseJson } from 'tuppence/core';
import type { OtherWay } from '../storage/other-way-record.ts';

/** A scheme of `WWW-Authenticate` at the start of the field or after a comma: several challenges may share it. */
const SCHEMES: readonly (readonly [OtherWay['way'], RegExp])[] = [
  ['payment-auth', /(^|,)\s*payment(\s|$)/i],
  ['l402', /(^|,)\s*(l402|lsat)(\s|$)/i],
];
/** Satoshis in one unit of the letter behind a BOLT 11 amount; without a letter it is in bitcoins. */
const SATOSHIS: { readonly [letter: string]: number } = { '': 1e8, m: 1e5, u: 1e2, n: 1e-1, p: 1e-4 };

/**
 * The way to pay that a 402 names in its headers and that is not x402: `Payment` (https://paymentauth.org), L402
 * (https://docs.lightning.engineering/the-lightning-network/l402), or Cloudflare's `crawler-price`. Null when none is.
 *
 * The price is there when it can be told for sure.
 * @param authenticate value of `WWW-Authenticate`
 * @param crawlerPrice value of `crawler-price`
 */
export function otherWayOf(authenticate: string | null, crawlerPrice: string | null): OtherWay | null {
  if (crawlerPrice !== null) return { way: 'crawler-price', price: asPrice(crawlerPrice) };
  // Schemes are not looked for in quoted texts.
  const schemes = authenticate?.replace(/"(\\.|[^"\\])*"/g, '') ?? '';
  const way = SCHEMES.find(([, pattern]) => pattern.test(schemes))?.[0];
  if (authenticate === null || way === undefined) return null;
  return { way, price: way === 'l402' ? invoicePrice(authenticate) : challengePrice(authenticate) };
}

/** `USD 0.01` as `0.01 USD`. */
function asPrice(text: string): string | null {
  const [, unit = '', amount] = /^\s*([a-z]{3})\s+(\d{1,12}(?:\.\d{1,12})?)\s*$/i.exec(text) ?? [];
  return amount === undefined ? null : `${amount} ${unit.toUpperCase()}`;
}

/**
 * The first `request` with a price in the currency of a country. An amount without a point may be in cents as well as
 * in whole units, so it is none.
 */
function challengePrice(authenticate: string): string | null {
  for (const [, request = ''] of authenticate.matchAll(/\brequest="([\w-]+)=*"/g)) {
    const price = requestPrice(request);
    if (price !== null) return price;
  }
  return null;
}

function requestPrice(request: string): string | null {
  try {
    const json = parseJson(decodeBase64(request.replaceAll('-', '+').replaceAll('_', '/')));
    const { amount, currency } = Object(json);
    const said = asTextOrNull(amount, 24);
    return said?.includes('.') ? asPrice(`${asTextOrNull(currency, 3)} ${said}`) : null;
  } catch {
    return null;
  }
}

/** The amount stands at the start of a BOLT 11 invoice: `lnbc100n1…` is 10 satoshis. */
function invoicePrice(authenticate: string): string | null {
  const found = /\binvoice="?ln(?:bc|tb|bcrt|tbs)(\d{1,15})([munp]?)1[02-9ac-hj-np-z]/i.exec(authenticate);
  const [, digits, letter = ''] = found ?? [];
  const satoshis = Number(digits) * (SATOSHIS[letter.toLowerCase()] ?? Number.NaN);
  return Number.isNaN(satoshis) ? null : `${Number(satoshis.toPrecision(12))} sats`;
}
