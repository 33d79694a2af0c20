/** Address of one of the extension's own pages, such as `popup.html`; `''` gives the origin all of them share. */
export function ownUrl(page: string): string {
  return new URL(page, self.location.origin).href;
}
