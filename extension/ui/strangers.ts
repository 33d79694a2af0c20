import { html, nothing, type TemplateResult } from 'lit';
import { explainReason } from 'tuppence/core';

/** Most characters (UTF-16 code units) of a stranger's text that a screen shows. */
const MOST = 80;
const MARK = '…';

/** What draws nothing, turns the text around it, or breaks the line; and blanks that pass for text. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]+/gu;
/** More marks than any language puts on one letter: they would be drawn over the lines above and below. */
const PILED = /(\p{M}{3})\p{M}+/gu;
/** They would end the quotation. */
const QUOTES = /["“”„‟«»‹›＂〝〞〟「」『』]/gu;
/**
 * What could be followed: schemes, names of hosts (also with the dots that browsers take for one), mail addresses,
 * account numbers and telephone numbers.
 */
const PLACES = [
  /[\p{L}][\p{L}\p{N}+.-]*:\/\S*/gu,
  /\S*@\S*/gu,
  /[\p{L}\p{N}_-]+(?:[.。][\p{L}\p{N}_-]+)*[.。]\p{L}[\p{L}\p{N}-]+\S*/gu,
  /\S*\d{1,3}(?:\.\d{1,3}){3}\S*/gu,
  /0x\p{AHex}{6,}/gu,
  /\+?\d(?:[\s()/.-]{0,2}\d){6,}/gu,
];

/**
 * A stranger's text as a screen may quote it: one line of at most 80 characters, without addresses of any kind,
 * invisible characters, or quotation marks that would end the quotation early. Everything that a server, a page or a
 * chain has written goes through here before it is shown.
 *
 * @returns null when nothing readable is left.
 */
export function strangersWords(text: string): string | null {
  // Compatibility forms first: a full-width “．” is a dot to browsers. No text needs more than this to be judged.
  const plain = withoutUnseen(text.slice(0, 8 * MOST).normalize('NFKC'))
    .replace(QUOTES, "'")
    .replace(/\.{2,}/g, MARK);
  const line = withoutPlaces(plain.replace(PILED, '$1')).replace(/\s+/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(line) ? shortened(line) : null;
}

/** What a site gave as the reason, for a person: our own words for what we know; else its own, as a quotation. */
export function reasonOfSite(note: string): TemplateResult | typeof nothing {
  const { family, sentence } = explainReason(note);
  return family === 'other' ? quoted('The site says:', note) : html`${sentence}`;
}

/** Names of fields of ours, such as `accepts[0].amount`; hosts look alike, but nothing stands beside them here. */
const FIELD = /^[\w[\].]{1,80}$/;
const LINKS = /[\p{L}][\p{L}\p{N}+.-]*:\/\/\S*|\S+@\S+/gu;

/**
 * A sentence of ours from a record. What it quotes may be what a server wrote, and is cleaned like any stranger's text;
 * nothing that can't be seen is shown of the rest either.
 */
export function ownSentence(sentence: string): string {
  const whole = withoutUnseen(sentence).replace(/“([^”]*)”/g, (quote, text: string) =>
    FIELD.test(text) ? quote : `“${strangersWords(text) ?? MARK}”`,
  );
  return whole.replace(LINKS, MARK).slice(0, 4 * MOST);
}

/** A stranger's text after words of ours that say whose it is; nothing when nothing of it can be shown. */
export function quoted(whose: string, text: string): TemplateResult | typeof nothing {
  const words = strangersWords(text);
  return words === null ? nothing : html`${whose} “<bdi class="quoted">${words}</bdi>”`;
}

function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, ' ');
}

function withoutPlaces(text: string): string {
  return PLACES.reduce((rest, place) => rest.replace(place, MARK), text);
}

/** Cut between characters, never within one. */
function shortened(line: string): string {
  if (line.length <= MOST) return line;
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line);
  let kept = '';
  for (const { segment } of segments) {
    if (kept.length + segment.length > MOST - MARK.length) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${MARK}`;
}
