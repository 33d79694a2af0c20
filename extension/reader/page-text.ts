import type { Page } from 'playwright';

/** Characters of a page's text that are reported. */
export const TEXT_LENGTH = 2_000;

/**
 * The first 2,000 characters that a reader sees on the page: open shadow trees and what is slotted into them
 * included; hidden elements, text that is only for screen readers, and frames left out. Blocks stand on lines of
 * their own, and white space is collapsed.
 */
export async function visibleText(page: Page): Promise<string> {
  return page.evaluate(textOfDocument, TEXT_LENGTH);
}

/** Runs in the page, so it brings along everything that it uses. */
function textOfDocument(length: number): string {
  const LINE = /^(?!inline|contents|ruby|table-cell|none)/;
  let text = '';
  let gap: '' | ' ' | '\n' = '';

  const add = (words: string) => {
    if (text !== '') text += gap;
    text += words;
    gap = '';
  };
  const separate = (next: ' ' | '\n') => {
    if (gap !== '\n') gap = next;
  };

  const isOutOfSight = (element: Element, style: CSSStyleDeclaration) => {
    const box = element.getBoundingClientRect();
    const isClipped = style.overflow !== 'visible' && box.width <= 1 && box.height <= 1;
    const isLeft = box.width > 0 && box.right + scrollX <= 0;
    const isAbove = box.height > 0 && box.bottom + scrollY <= 0;
    return isClipped || isLeft || isAbove;
  };
  const isHidden = (element: Element, style: CSSStyleDeclaration) => {
    if (style.display === 'none') return true;
    if (style.display === 'contents') return false; // No box of its own; its children decide.
    // `visibility` is left out: a visible child of a hidden parent is seen.
    if (!element.checkVisibility({ opacityProperty: true, contentVisibilityAuto: false })) return true;
    return element !== document.body && isOutOfSight(element, style);
  };

  const childrenOf = (element: Element): Iterable<Node> => {
    if (element.shadowRoot !== null) return element.shadowRoot.childNodes;
    const slotted = element instanceof HTMLSlotElement ? element.assignedNodes() : [];
    return slotted.length > 0 ? slotted : element.childNodes;
  };

  const readText = (value: string, isSeen: boolean) => {
    if (/^\s/.test(value)) separate(' ');
    const words = value.trim().replace(/\s+/g, ' ');
    if (words === '') return;
    if (isSeen) add(words);
    if (/\s$/.test(value)) separate(' ');
  };
  const readElement = (element: Element) => {
    if (element.localName === 'br') return separate('\n');
    const style = getComputedStyle(element);
    if (isHidden(element, style)) return;
    const edge = LINE.test(style.display) ? '\n' : style.display === 'table-cell' ? ' ' : null;
    if (edge !== null) separate(edge);
    for (const child of childrenOf(element)) {
      if (text.length >= length) return;
      if (child instanceof Element) readElement(child);
      else if (child instanceof Text) readText(child.data, style.visibility === 'visible');
    }
    if (edge !== null) separate(edge);
  };

  if (document.body !== null) readElement(document.body);
  return text.slice(0, length).replace(/[\ud800-\udbff]$|\s+$/, ''); // No half of a character at the end.
}
