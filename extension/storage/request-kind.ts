/**
 * What kind of request was answered 402.
 *
 * `fetch`: by script, `XMLHttpRequest` and workers included. `object`: `<object>` and `<embed>`. `download`: a link
 * with `download`. The others are the elements, or style rules, that they sound like.
 */
export const REQUEST_KINDS = [
  'navigation',
  'fetch',
  'frame',
  'image',
  'media',
  'stylesheet',
  'script',
  'font',
  'object',
  'download',
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/**
 * How a request is made once more when it has been paid: by the page's script that made it, by the element that it
 * was for, or only by loading the whole page again.
 */
export const REPETITIONS = ['request', 'element', 'page'] as const;
export type Repetition = (typeof REPETITIONS)[number];
