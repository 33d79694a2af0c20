export type ContentKind =
  | 'html'
  | 'markdown'
  | 'text'
  | 'json'
  | 'image'
  | 'audio'
  | 'video'
  | 'pdf'
  | 'file';

const KINDS: readonly (readonly [RegExp, ContentKind])[] = [
  [/^(text\/html|application\/xhtml\+xml)$/, 'html'],
  [/^text\/(x-)?markdown$/, 'markdown'],
  [/^application\/json$|\+json$/, 'json'],
  [/^application\/pdf$/, 'pdf'],
  [/^image\//, 'image'],
  [/^audio\//, 'audio'],
  [/^video\//, 'video'],
  [/^text\/(?!css|javascript|xml)/, 'text'],
];

/** How a media type is shown. Whatever is not known, and whatever says that it is an attachment, is a file to save. */
export function kindOf(type: string, disposition: string): ContentKind {
  if (/^\s*attachment/i.test(disposition)) return 'file';
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'file';
}

export function typeOf(header: string | null): { readonly type: string; readonly charset: string } {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = /charset=["']?([\w.:-]+)/.exec(parameters.join(';'))?.[1] ?? 'utf-8';
  return { type: type.trim(), charset };
}

/** The name of a file (RFC 6266), else the last part of its address; never a path. */
export function nameOf(disposition: string, url: string): string {
  const encoded = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition);
  const said = decoded(encoded) ?? plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
  const name = said ?? decoded(new URL(url).pathname.split('/').filter(Boolean).at(-1)) ?? '';
  return name.replace(/^.*[/\\]/, '').slice(0, 200) || 'file';
}

function decoded(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text.trim());
  } catch {
    return null;
  }
}
