/** HTML that is safe to send: literals as written, everything interpolated escaped. Only `html` makes it. */
export type Markup = { readonly markup: string };

type Interpolated = Markup | readonly Markup[] | string | number;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Builds markup. Text is escaped, for content and quoted attributes alike; nested markup and lists are kept. */
export function html(literals: TemplateStringsArray, ...values: readonly Interpolated[]): Markup {
  return { markup: String.raw({ raw: literals }, ...values.map(toMarkup)) };
}

/** The number of words that a reader sees in `markup`. */
export function countWords({ markup }: Markup): number {
  return markup.replace(/<[^>]*>/g, ' ').match(/\S+/g)?.length ?? 0;
}

function toMarkup(value: Interpolated): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
