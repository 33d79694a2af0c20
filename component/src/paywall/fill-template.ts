/**
 * A copy of `template` with `{{ path.to.value }}` in its texts replaced from `data`, and each element with
 * `data-each="path"` repeated for every item of that list (in it, paths start at the item; `{{ . }}` is the item).
 *
 * Only text is ever replaced, never markup or attributes: whatever a server sends stays words.
 */
export function fillTemplate(template: HTMLTemplateElement, data: unknown): DocumentFragment {
  const copy = document.importNode(template.content, true);
  fill(copy, data);
  return copy;
}

function fill(root: ParentNode & Node, data: unknown): void {
  for (const element of [...root.children]) {
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
