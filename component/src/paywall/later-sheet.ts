import { laterStyles } from './later.styles.ts';

let sheet: CSSStyleSheet | null = null;

/** One sheet for every element of the page. A constructed sheet needs no leave from a content security policy. */
export function laterSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(laterStyles);
  }
  return sheet;
}
