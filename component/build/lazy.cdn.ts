/** Takes the place of `src/lazy.ts` in the built files. */

type Hashes = { readonly [name: string]: string };
/** Of the files that this one loads; filled in by the build. */
const HASHES: Hashes = {};

export const till = (): Promise<typeof import('../src/paywall/till.ts')> => load('till');
export const draw = (): Promise<typeof import('../src/paywall/draw.ts')> => load('draw');
export const purify = (): Promise<typeof import('../src/paywall/purify.ts')> => load('purify');
export const markdown = (): Promise<typeof import('../src/paywall/markdown.ts')> => load('markdown');
export const coinbase = (): Promise<typeof import('../src/wallet/coinbase.ts')> => load('coinbase');
export const faces = (): Promise<typeof import('../src/locales/faces.ts')> => load('faces');
export const de = (): Promise<typeof import('../src/locales/de.ts')> => load('de');
export const es = (): Promise<typeof import('../src/locales/es.ts')> => load('es');
export const fr = (): Promise<typeof import('../src/locales/fr.ts')> => load('fr');
export const ja = (): Promise<typeof import('../src/locales/ja.ts')> => load('ja');
export const pt = (): Promise<typeof import('../src/locales/pt.ts')> => load('pt');
export const diagnose = (): Promise<typeof import('../src/paywall/diagnose.ts')> => load('diagnose');

/** The file next to this one. A preload with its hash fills the module map; what does not fit the hash never runs. */
async function load<T>(name: string): Promise<T> {
  const file = `x402-paywall-${name}.js`;
  const href = new URL(file, import.meta.url).href;
  const link = document.createElement('link');
  if (link.relList.supports('modulepreload'))
    await new Promise((onload, onerror) => {
      const integrity = `sha256-${HASHES[name]}`;
      document.head.append(
        Object.assign(link, { rel: 'modulepreload', crossOrigin: '', integrity, href, onload, onerror }),
      );
    });
  link.remove();
  return import(/* @vite-ignore */ href);
}
