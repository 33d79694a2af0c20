/** A URL without its fragment: fragments never reach a server, but `webRequest` shows those of navigations. */
export function withoutFragment(url: string): string {
  const hash = url.indexOf('#');
  return hash === -1 ? url : url.slice(0, hash);
}
