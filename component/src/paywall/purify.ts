import DOMPurify from 'dompurify';

/** HTML as nodes that are safe to show: for browsers without a sanitizer of their own. See `drawSafeHtml`. */
export function toFragment(html: string, hasClasses: boolean): DocumentFragment {
  // Styles would be dropped anyway; a strict policy would report each of them to the publisher first.
  const plain = html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, '');
  return DOMPurify.sanitize(plain, {
    RETURN_DOM_FRAGMENT: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['form', 'input', 'button', 'select', 'textarea', 'style', 'title', 'dialog'],
    FORBID_ATTR: ['style', 'id', 'name', 'popover', 'popovertarget', ...(hasClasses ? [] : ['class'])],
    ALLOW_DATA_ATTR: false,
  });
}
