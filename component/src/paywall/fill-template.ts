/**
 * A copy of `template` with `{{ path.to.value }}` in its texts replaced from `data`, and each element with
 * `data-each="path"` repeated for every item of that list (in it, paths start at the item; `{{ . }}` is the item).
 *
 * Only text is ever replaced, never markup or attributes, and none that would be read as something else, such as a
 * script: whatever a server sends stays words.
 */
export function fillTemplate(template: HTMLTemplateElement, data: unknown): DocumentFragment {
  const copy = document.importNode(template.content, true);
  fill(copy, data);
  return copy;
}

/** Elements whose text is no words, but code, a style, or markup to be read once more; in SVG and MathML as well. */
const RAW =
  'script style noscript noembed noframes iframe object textarea title template xmp plaintext'.split(' ');

function isRaw({ localName }: Element): boolean {
  return RAW.includes(localName);
}

/** Where `template` has `{{ … }}` that is never filled, such as `script` or `a href`. For the publisher. */
export function unfilledIn(template: HTMLTemplateElement): readonly string[] {
  const found = [...template.content.querySelectorAll('*')].flatMap((element) => {
    const content = element instanceof HTMLTemplateElement ? element.innerHTML : element.textContent;
    const isUnfilled = isRaw(element) && /\{\{/.test(content);
    const attributes = [...element.attributes].filter(({ value }) => value.includes('{{'));
    return [
      ...(isUnfilled ? [element.localName] : []),
      ...attributes.map(({ name }) => `${element.localName} ${name}`),
    ];
  });
  return [...new Set(found)];
}

function fill(root: ParentNode & Node, data: unknown): void {
  for (const element of [...root.children]) {
    if (isRaw(element)) continue;
    const list = element.getAttribute('data-each');
    if (list === null) fill(element, data);
    else repeat(element, valueAt(data, list));
  }
  for (const node of root.childNodes)
    if (node instanceof Text)
      node.data = node.data.replace(/\{\{\s*([\w.$-]+)\s*\}\}/g, (_whole, path: string) =>
        shown(valueAt(data, path)),
      );
}

function repeat(element: Element, items: unknown): void {
  element.removeAttribute('data-each');
  const copies = (Array.isArray(items) ? items : []).map((item: unknown) => {
    const copy = document.importNode(element, true);
    fill(copy, item);
    return copy;
  });
  element.replaceWith(...copies);
}

function valueAt(data: unknown, path: string): unknown {
  const steps = path.split('.').filter(Boolean);
  return steps.reduce<unknown>(
    (value, step) => (isOwn(value, step) ? Reflect.get(value, step) : undefined),
    data,
  );
}

function isOwn(value: unknown, key: string): value is object {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
