import { expect, test } from 'vitest';
import { gatedPageJsonLd } from '../../component/src/json-ld.ts';

test('it says which part of the page is sold, in schema.org’s words', () => {
  const data: unknown = JSON.parse(
    gatedPageJsonLd({
      type: 'NewsArticle',
      headline: 'Why tides turn',
      author: 'A. Writer',
      datePublished: '2026-01-02',
    }),
  );
  expect(data).toEqual({
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: 'Why tides turn',
    datePublished: '2026-01-02',
    author: { '@type': 'Person', name: 'A. Writer' },
    isAccessibleForFree: false,
    hasPart: {
      '@type': 'WebPageElement',
      isAccessibleForFree: false,
      cssSelector: 'x402-paywall > .x402-content',
    },
  });
});

test('no value ends the script that it stands in', () => {
  const text = gatedPageJsonLd({ headline: '</script><script>alert(1)</script>' });
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toMatchObject({ headline: '</script><script>alert(1)</script>' });
});
