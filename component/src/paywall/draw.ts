import { X402ContentEvent } from '../events.ts';
import * as lazy from '../lazy.ts';
import type { Content } from './content.ts';
import { fillTemplate, unfilledIn } from './fill-template.ts';
import { drawSafeHtml, drawTrustedHtml } from './html-content.ts';
import { blobOf, textOf } from './live-body.ts';

/** Where and how content is drawn. */
export type Canvas = {
  /** An element of the page's own tree, whose styles then apply. */
  readonly container: HTMLElement;
  /** The publisher trusts this content with the page; only ever asked of its own origin. */
  readonly isTrusted: boolean;
  /** It comes from the page's own origin, so that the page's classes are meant for it. */
  readonly isOwn: boolean;
  /** What an image shows, or what a player or document is about. */
  readonly label: string;
  /** To be filled with JSON, or null. */
  readonly template: HTMLTemplateElement | null;
};

/** The element that content is for, as far as drawing goes. */
export type Place = HTMLElement & { readonly trusted: boolean; readonly label: string };

/** Puts content into the light tree of `place`, unless the page draws it itself. @throws as {@link draw}. */
export async function place(place: Place, content: Content): Promise<void> {
  const before = place.querySelector<HTMLElement>(':scope > .x402-content');
  if (before !== null) release(before);
  before?.remove();
  const { kind, type, body, charset, url } = content;
  let isTaken = false;
  const taking = <T>(result: Promise<T>): Promise<T> => {
    isTaken = true;
    return result;
  };
  const event = new X402ContentEvent(
    kind,
    type,
    () => taking(textOf(body, charset)),
    () => taking(blobOf(body, type)),
  );
  if (!place.dispatchEvent(event)) return body.read(() => {});
  const container = document.createElement('div');
  container.className = 'x402-content';
  container.slot = 'content';
  place.append(container);
  const isOwn = new URL(url).origin === location.origin;
  await draw(content, {
    container,
    isTrusted: place.trusted && isOwn,
    isOwn,
    label: place.label,
    template: templateOf(place),
  });
  const isShown = isTaken || (kind === 'file' ? content.isAttachment : container.hasChildNodes());
  if (kind === 'json') adviseOnTemplate(place);
  const start = kind === 'text' ? (container.textContent ?? '').trimStart().slice(0, 100) : '';
  if (isShown && !start.startsWith('<')) return;
  lazy
    .diagnose()
    .then(({ diagnoseContent }) => diagnoseContent(content, start))
    .catch(() => {});
}

function adviseOnTemplate(place: Place): void {
  const template = templateOf(place);
  const unfilled = template === null ? [] : unfilledIn(template);
  if (unfilled.length === 0) return;
  lazy
    .diagnose()
    .then(({ diagnoseTemplate }) => diagnoseTemplate(unfilled))
    .catch(() => {});
}

function templateOf(place: Place): HTMLTemplateElement | null {
  return place.querySelector<HTMLTemplateElement>(':scope > template');
}

/**
 * Draws content. Scripts run only when it is trusted.
 *
 * @returns once all of it is there.
 * @throws what the connection threw when it broke off.
 */
async function draw(content: Content, canvas: Canvas): Promise<void> {
  const { container } = canvas;
  switch (content.kind) {
    case 'html':
      return drawHtml(await text(content), canvas);
    case 'markdown': {
      const [markdown, source] = [await lazy.markdown(), await text(content)];
      return drawHtml(markdown.toHtml(source), { ...canvas, isTrusted: false });
    }
    case 'text':
      return drawText(content, container);
    case 'json': {
      if (canvas.template !== null)
        container.replaceChildren(fillTemplate(canvas.template, JSON.parse(await text(content))));
      return;
    }
    default:
      return drawFile(content, canvas);
  }
}

function drawHtml(html: string, { container, isTrusted, isOwn }: Canvas): Promise<void> | void {
  return isTrusted ? drawTrustedHtml(container, html) : drawSafeHtml(container, html, isOwn);
}

/** Text is there as soon as it arrives. */
async function drawText({ body, charset }: Content, container: HTMLElement): Promise<void> {
  const block = document.createElement('div');
  block.style.whiteSpace = 'pre-wrap';
  container.replaceChildren(block);
  await textOf(body, charset, (part) => block.append(part));
}

async function drawFile(content: Content, canvas: Canvas): Promise<void> {
  const { kind, type, body, name, isSeekable, url } = content;
  // A PDF is named as one whatever the server said: nothing else may be opened in the frame.
  const source = isSeekable ? url : URL.createObjectURL(await blobOf(body, type));
  if (kind === 'image') canvas.container.replaceChildren(image(source, canvas.label));
  else if (kind === 'audio' || kind === 'video')
    canvas.container.replaceChildren(player(kind, source, canvas.label || name));
  else if (kind === 'pdf' && navigator.pdfViewerEnabled)
    canvas.container.replaceChildren(frame(source, canvas.label || name), download(source, name));
  else canvas.container.replaceChildren(download(source, name));
}

function image(source: string, label: string): HTMLElement {
  const element = document.createElement('img');
  element.alt = label;
  element.style.maxWidth = '100%';
  element.src = source;
  return element;
}

function player(kind: 'audio' | 'video', source: string, label: string): HTMLElement {
  const element = document.createElement(kind);
  element.controls = true;
  element.preload = 'metadata';
  element.style.maxWidth = '100%';
  element.setAttribute('aria-label', label);
  element.src = source;
  return element;
}

function frame(source: string, label: string): HTMLElement {
  const element = document.createElement('iframe');
  element.title = label;
  element.style.cssText = 'width:100%;height:80vh;border:0';
  element.src = source;
  return element;
}

function download(source: string, name: string): HTMLElement {
  const link = document.createElement('a');
  link.href = source;
  link.download = name; // Saved, never opened: a blob would run with the rights of this page.
  link.textContent = name;
  const paragraph = document.createElement('p');
  paragraph.append('↓ ', link);
  return paragraph;
}

/** Gives back the memory of files that are no longer shown. */
function release(container: HTMLElement): void {
  for (const element of container.querySelectorAll('[src^="blob:"], [href^="blob:"]'))
    URL.revokeObjectURL(element.getAttribute('src') ?? element.getAttribute('href') ?? '');
}

function text({ body, charset }: Content): Promise<string> {
  return textOf(body, charset);
}
