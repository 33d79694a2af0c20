import type { Plugin } from 'vite';

const FILES =
  /\/core\/(amount|base64|fields|json|judge|offers|payment-required|payment-requirements|quote)\.ts$/;

type Range = { readonly start: number; readonly end: number };

/**
 * Empties the sentences of the core's refusals, in the one file that every page loads: there the terms are only read
 * for their price. The till reads refused terms again, with all the words, and tells the reader.
 */
export function mute(): Plugin {
  return {
    name: 'mute-core',
    enforce: 'pre',
    transform(code, id) {
      if (!FILES.test(id)) return null;
      const found = sentencesIn(this.parse(code, { lang: 'ts' }));
      return found
        .toReversed()
        .reduce((rest, { start, end }) => `${rest.slice(0, start)}''${rest.slice(end)}`, code);
    },
  };
}

/** Where literals with words in them stand, in order. */
function sentencesIn(node: unknown): readonly Range[] {
  if (typeof node !== 'object' || node === null) return [];
  const range = sentenceAt(node);
  if (range !== null) return [range];
  return Object.values(node).flatMap((child) => sentencesIn(child));
}

function sentenceAt(node: object): Range | null {
  if (!('type' in node) || !('start' in node) || !('end' in node)) return null;
  const { type, start, end } = node;
  if (typeof start !== 'number' || typeof end !== 'number') return null;
  const isText = type === 'Literal' && 'value' in node && typeof node.value === 'string';
  const words = isText ? node.value : type === 'TemplateLiteral' ? JSON.stringify(node) : '';
  const isSentence = isText
    ? /\w \w/.test(String(words))
    : /"cooked":"[^"]*[\w”] [\w“]|"cooked":" \w+ ?/.test(String(words));
  return isSentence ? { start, end } : null;
}
