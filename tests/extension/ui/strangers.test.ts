import fc from 'fast-check';
import { nothing } from 'lit';
import { describe, expect, test } from 'vitest';
import { ownSentence, quoted, strangersWords } from '../../../extension/ui/strangers.ts';

/** Text that is mostly what nobody should be shown. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '\u202e',
        '\u2066',
        '\u200b',
        '\u200f',
        '\ufeff',
        '\u3164',
        '\u2800',
        '\u{e0041}',
        '\u0301'.repeat(9),
        '\n',
        '\r\n',
        '\u2028',
        '\u0085',
        '\t',
        '”',
        '»',
        '"',
        ' call +1 800 555 0199 ',
        `0x${'ab'.repeat(20)}`,
        'https://evil.example/x',
        'javascript:alert(1)',
        'www.evil.example',
        'evil．example',
        'evil。example',
        'help@evil.example',
        '127.0.0.1:8080/x',
        'Tuppence security notice',
        'xn--80ak6aa92e.com',
      ),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('words of a stranger', () => {
  test('are one line of at most 80 characters with nothing unseen in it, whatever was sent', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const words = strangersWords(text);
        if (words === null) return;
        expect(words.length).toBeLessThanOrEqual(80);
        expect(words).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]/u);
        expect(words).not.toMatch(/["“”«»]/);
        expect(words).not.toMatch(/\p{M}{4}/u);
        expect(words).toBe(words.trim());
      }),
      { numRuns: 2_000 },
    );
  });

  test('name no address, whatever was sent', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const words = strangersWords(text) ?? '';
        expect(words).not.toMatch(/:\/\/|@|evil[.．。]example|\.com|127\.0|0x[\da-f]{6}/iu);
        expect(words.replace(/\D/g, '')).not.toContain('18005550199');
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['insufficient credits', 'insufficient credits'],
    ['El pago no fue aceptado: inténtelo más tarde', 'El pago no fue aceptado: inténtelo más tarde'],
    ['支払いは受け付けられませんでした', '支払いは受け付けられませんでした'],
    ['لم يتم قبول الدفع', 'لم يتم قبول الدفع'],
    ['Version 2.0 costs 0.05 USDC.', 'Version 2.0 costs 0.05 USDC.'],
    ['one\ntwo\u2028three', 'one two three'],
    ['paid.” Tuppence: “Your key is at risk', "paid.' Tuppence: 'Your key is at risk"],
    ['see https://evil.example/login now', 'see … now'],
    ['\u202eesrever', 'esrever'],
  ])('%j is shown as %j', (sent, shown) => {
    expect(strangersWords(sent)).toBe(shown);
  });

  test.each(['', ' ', '\u200b\u3164\u2800', 'https://evil.example', '—!?…'])(
    '%j is not shown at all',
    (sent) => {
      expect(strangersWords(sent)).toBeNull();
      expect(quoted('The site says:', sent)).toBe(nothing);
    },
  );
});

test('a sentence of ours that names a server’s text shows no address and nothing unseen of it', () => {
  expect(ownSentence('The payment scheme “go to https://evil.example/\u202e\nnow” is not supported.')).toBe(
    'The payment scheme “go to … now” is not supported.',
  );
  expect(ownSentence('“accepts[0].amount” should be a text.')).toBe('“accepts[0].amount” should be a text.');
  expect(ownSentence("The price “0.05” is not a whole number of the token's smallest units.")).toContain(
    '“0.05”',
  );
});
