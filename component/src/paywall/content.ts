/** What a reader gets for the money. Data only: each element on the page draws its own copy. */
export type Content =
  | { readonly kind: 'html' | 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly blob: Blob; readonly name: string };

/**
 * The body of an answer.
 *
 * @param url where it came from; its last part names a file.
 * @throws what `fetch` throws when the body breaks off.
 */
export async function readContent(response: Response, url: string): Promise<Content> {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html' || type === 'application/xhtml+xml')
    return { kind: 'html', text: await response.text() };
  if (type === 'text/plain' || type === 'text/markdown') return { kind: 'text', text: await response.text() };
  return { kind: 'file', blob: await response.blob(), name: fileName(url) };
}

/** Draws content into an element of the page's own tree, whose styles then apply. Scripts never run. */
export function drawContent(container: HTMLElement, content: Content): void {
  if (content.kind === 'file') container.replaceChildren(download(content.blob, content.name));
  else if (content.kind === 'text') drawText(container, content.text);
  else if (!setSafeHtml(container, content.text)) drawWithoutSanitizer(container, content.text);
}

function drawWithoutSanitizer(container: HTMLElement, html: string): void {
  drawText(container, textOfHtml(html));
  const file = new Blob([html], { type: 'text/html' });
  container.append(download(file, 'article.html', 'Save with its formatting'));
}

type SafeHtml = { setHTML(html: string, options: { sanitizer: unknown }): void };
type Allowing = {
  allowElement(element: string | { readonly name: string; readonly attributes: readonly string[] }): unknown;
  allowAttribute(name: string): unknown;
  removeElement(name: string): unknown;
};

/** The platform's own sanitizer, where there is one: https://developer.mozilla.org/docs/Web/API/Element/setHTML */
function setSafeHtml(container: HTMLElement, html: string): boolean {
  const { Sanitizer } = globalThis as { Sanitizer?: new () => Allowing };
  if (Sanitizer === undefined || !('setHTML' in container)) return false;
  try {
    (container as HTMLElement & SafeHtml).setHTML(html, { sanitizer: articleSanitizer(new Sanitizer()) });
    return true;
  } catch {
    return false; // An older form of the interface: words without formatting are better than nothing.
  }
}

/** Whatever is allowed here, `setHTML` still drops scripts, event handlers and `javascript:` addresses. */
function articleSanitizer(sanitizer: Allowing): Allowing {
  const image = ['src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading'];
  sanitizer.allowElement({ name: 'img', attributes: image });
  sanitizer.allowElement({ name: 'source', attributes: ['srcset', 'sizes', 'media', 'type'] });
  for (const name of ['picture', 'details', 'summary']) sanitizer.allowElement(name);
  sanitizer.allowAttribute('class');
  sanitizer.removeElement('title'); // Of a whole document; its text would stand above the article.
  return sanitizer;
}

/** The words of an HTML text; parsed into a document that runs and loads nothing. */
function textOfHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const silent of body.querySelectorAll('script, style, template, noscript')) silent.remove();
  return (body.textContent ?? '').trim();
}

function drawText(container: HTMLElement, text: string): void {
  const block = document.createElement('div');
  block.style.whiteSpace = 'pre-wrap';
  block.textContent = text;
  container.replaceChildren(block);
}

function download(blob: Blob, name: string, label = `Save ${name}`): HTMLElement {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name; // Saved, never opened: a blob would run with the rights of this page.
  link.textContent = label;
  const paragraph = document.createElement('p');
  paragraph.append(link);
  return paragraph;
}

function fileName(url: string): string {
  return new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? 'file';
}
