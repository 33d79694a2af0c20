import * as lazy from '../lazy.ts';

/**
 * Draws HTML that may come from anybody: without scripts, event handlers, forms, frames and `javascript:` addresses.
 *
 * Of a whole document only its text is shown: `main` or `article` when there is just one, else its body.
 *
 * It stays in its place: whatever the page's classes do to it, nothing of it is drawn outside of `container`.
 * @param hasClasses whether it may use the page's classes, because it is the page's own.
 */
export async function drawSafeHtml(container: HTMLElement, html: string, hasClasses: boolean): Promise<void> {
  const box = document.createElement('div');
  if (!setSafeHtml(box, html, hasClasses)) box.append((await lazy.purify()).toFragment(html, hasClasses));
  // Fixed and absolute boxes are placed in it, cut off at its edge, and stacked within it.
  container.style.setProperty('contain', 'content', 'important');
  container.replaceChildren(...(isDocument(html) ? textOfDocument(box) : box).childNodes);
}

/** Draws HTML with its scripts, in a page whose publisher has said so. */
export function drawTrustedHtml(container: HTMLElement, html: string): void {
  const range = document.createRange();
  range.selectNodeContents(container);
  const fragment = range.createContextualFragment(policy().createHTML(html));
  container.replaceChildren(fragment);
}

type Policy = { createHTML(html: string): string };
let trusting: Policy | null = null;

/** The one use of Trusted Types here that vouches for a text; a page allows it by the name `x402-paywall`. */
function policy(): Policy {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  };
  const rules: Policy = { createHTML: (html) => html };
  trusting ??= trustedTypes?.createPolicy('x402-paywall', rules) ?? rules;
  return trusting;
}

function isDocument(html: string): boolean {
  return /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype html|html)\b/i.test(html);
}

function textOfDocument(box: HTMLElement): Element {
  for (const name of ['main', 'article']) {
    const [only, ...more] = box.querySelectorAll(name);
    if (only !== undefined && more.length === 0) return only;
  }
  return box;
}

type SafeHtml = { setHTML(html: string, options: { sanitizer: unknown }): void };
type Allowing = {
  allowElement(element: string | { readonly name: string; readonly attributes: readonly string[] }): unknown;
  allowAttribute(name: string): unknown;
  removeAttribute(name: string): unknown;
  removeElement(name: string): unknown;
};

/** The platform's own sanitizer, where there is one: https://developer.mozilla.org/docs/Web/API/Element/setHTML */
function setSafeHtml(container: HTMLElement, html: string, hasClasses: boolean): boolean {
  const { Sanitizer } = globalThis as { Sanitizer?: new () => Allowing };
  if (Sanitizer === undefined || !('setHTML' in container)) return false;
  try {
    (container as HTMLElement & SafeHtml).setHTML(html, {
      sanitizer: articleSanitizer(new Sanitizer(), hasClasses),
    });
    return true;
  } catch {
    return false; // An older form of the interface.
  }
}

/** Whatever is allowed here, `setHTML` still drops scripts, event handlers and `javascript:` addresses. */
function articleSanitizer(sanitizer: Allowing, hasClasses: boolean): Allowing {
  const image = ['src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading'];
  sanitizer.allowElement({ name: 'img', attributes: image });
  sanitizer.allowElement({ name: 'source', attributes: ['srcset', 'sizes', 'media', 'type'] });
  for (const name of ['picture', 'details', 'summary']) sanitizer.allowElement(name);
  if (hasClasses) sanitizer.allowAttribute('class');
  else sanitizer.removeAttribute('class');
  for (const name of ['id', 'name', 'style', 'popover', 'popovertarget']) sanitizer.removeAttribute(name);
  for (const name of ['dialog', 'base', 'meta', 'form']) sanitizer.removeElement(name);
  sanitizer.removeElement('title'); // Of a whole document; its text would stand above the article.
  return sanitizer;
}
