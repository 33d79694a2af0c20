import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostParts } from '../../../extension/ui/host.ts';

const label = fc.stringMatching(/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/);
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 12 }), fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([labels, port]) => `${labels.join('.')}${port === null ? '' : `:${port}`}`)
  .filter((text) => text.length <= 253);

describe('a host on a screen', () => {
  test('ends as the host does, and is never longer than its lines allow', () => {
    fc.assert(
      fc.property(host, (text) => {
        const { start, end, port } = hostParts(text);
        const shown = `${start}${end}${port}`;
        const [, tail = ''] = /…?([^…]*)$/.exec(shown) ?? [];
        expect(text.endsWith(tail)).toBe(true);
        expect(tail.length).toBeGreaterThanOrEqual(Math.min(text.length, 30));
        expect(start.length + end.length).toBeLessThanOrEqual(72);
        if (!shown.includes('…')) expect(shown).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['example.com', '', 'example.com', ''],
    ['www.example.com', 'www.', 'example.com', ''],
    ['www.example.co.uk:8443', 'www.', 'example.co.uk', ':8443'],
    ['www.nytimes.com.reader.evil.example', 'www.nytimes.com.reader.', 'evil.example', ''],
    ['xn--80ak6aa92e.com', '', 'xn--80ak6aa92e.com', ''],
    ['localhost:3000', '', 'localhost', ':3000'],
    ['127.0.0.1:36525', '', '127.0.0.1', ':36525'],
    ['[2001:db8::1]:8080', '', '[2001:db8::1]', ':8080'],
    ['[2001:db8::1]', '', '[2001:db8::1]', ''],
  ])('%s has its end in bold', (text, start, end, port) => {
    expect(hostParts(text)).toEqual({ start, end, port });
  });

  test('that begins like a famous one, and is long, keeps the end that says whose it is', () => {
    const { start, end } = hostParts(`www.nytimes.com.${'a'.repeat(63)}.${'b'.repeat(63)}.evil.example`);
    expect(end).toBe('evil.example');
    expect(start).toMatch(/^www\.nytimes\.….*b\.$/);
    expect(start.length + end.length).toBeLessThanOrEqual(60);
  });
});
