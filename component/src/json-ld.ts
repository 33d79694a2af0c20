/** What search engines are told of a page of which a part is sold. */
export type GatedPage = {
  /** schema.org's type; `"Article"` unless given. */
  readonly type?: 'Article' | 'NewsArticle' | 'BlogPosting' | 'Course' | 'HowTo' | 'Review' | 'WebPage';
  readonly headline: string;
  /** Absolute. */
  readonly url?: string;
  /** ISO 8601. */
  readonly datePublished?: string;
  /** Name of a person. */
  readonly author?: string;
  readonly description?: string;
  /** Absolute address. */
  readonly image?: string;
  /** Where the paid part stands in the page; the element's own place for it unless given. */
  readonly cssSelector?: string;
};

/**
 * The text of a `<script type="application/ld+json">` that says which part of a page is not free, so that search
 * engines don't take the gate for cloaking. It goes into the page on the server; `<` is escaped, so that no value can
 * end the script.
 *
 * https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
 */
export function gatedPageJsonLd(page: GatedPage): string {
  const { type = 'Article', author, cssSelector = 'x402-paywall > .x402-content', ...rest } = page;
  const data = {
    '@context': 'https://schema.org',
    '@type': type,
    ...rest,
    ...(author !== undefined && { author: { '@type': 'Person', name: author } }),
    isAccessibleForFree: false,
    hasPart: { '@type': 'WebPageElement', isAccessibleForFree: false, cssSelector },
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
