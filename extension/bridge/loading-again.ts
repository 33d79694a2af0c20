import type { LoadAgain, LoadedAgain } from '../messaging/page-messages.ts';

/** Everything that may ask for a file by itself, but for style rules. */
const ASKING =
  'img,input[type=image],video,audio,iframe,frame,embed,object,link[rel~=stylesheet],script[src],a[download]';

/** Links that browsers follow for themselves: a page has nothing to show for what they lead to. */
const OWN_LINKS = 'link:is([rel~=icon],[rel*=apple-touch-icon],[rel~=mask-icon],[rel~=manifest])';
/** Milliseconds. */
const ANSWER_READ_WITHIN = 1_000;
const SHEET_LOADED_WITHIN = 10_000;

/**
 * Looks for what in this document asks for `url`, and with the task `load` has it ask once more. Runs in our own
 * world, so nothing of the page's is called, and the page's policies for scripts and styles stand.
 */
export async function loadAgain({ task, url }: LoadAgain): Promise<LoadedAgain> {
  if (task === 'price') return isPriced(url) ? 'priced' : 'no';
  if (self !== top && isSame(location.href, url)) {
    if (task === 'load') location.reload();
    return 'yes';
  }
  let askers = askersFor(url);
  if (askers.length === 0) {
    // Browsers fetch ahead of the parser: the element may be still to come.
    if (document.readyState === 'loading')
      await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
    await Promise.all(sheetsOnTheirWay);
    askers = askersFor(url);
  }
  if (task === 'load') for (const element of askers) again(element);
  if (askers.length > 0) return askers.some(isSheet) ? 'sheet' : 'yes';
  return (await isBrowsersOwn(url)) ? 'browser' : 'no';
}

/**
 * Whether a paywall here may have asked for `url`, to show its price beside its button. Frameworks set its address as a
 * property, which our world can't see: then there is no attribute.
 */
function isPriced(url: string): boolean {
  return [...document.querySelectorAll('x402-paywall')].some((paywall) =>
    isSame(paywall.getAttribute('src') ?? url, url),
  );
}

/** What the browser asks for by itself. Its resource timing says `other`: of an icon, and of a manifest's icons. */
async function isBrowsersOwn(url: string): Promise<boolean> {
  const links = [...document.querySelectorAll<HTMLLinkElement>(OWN_LINKS)].map(({ href }) => href);
  if ([...links, '/favicon.ico'].some((link) => isSame(link, url))) return true;
  return (await initiatorOf(url)) === 'other';
}

/** Who asked for `url`, as resource timing has it once the answer is read; null when that takes too long. */
function initiatorOf(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      for (const { name, initiatorType } of list.getEntries() as PerformanceResourceTiming[])
        if (isSame(name, url)) end(initiatorType);
    });
    const end = (initiator: string | null) => {
      observer.disconnect();
      resolve(initiator);
    };
    observer.observe({ type: 'resource', buffered: true });
    setTimeout(end, ANSWER_READ_WITHIN, null);
  });
}

/** Style sheets that were told to load again: until they have, their document does not know what they name. */
const sheetsOnTheirWay = new Set<Promise<void>>();

function noteOnItsWay(sheet: Element): void {
  const come = new Promise<void>((resolve) => {
    for (const type of ['load', 'error']) sheet.addEventListener(type, () => resolve());
    setTimeout(resolve, SHEET_LOADED_WITHIN);
  });
  sheetsOnTheirWay.add(come);
  void come.then(() => sheetsOnTheirWay.delete(come));
}

function askersFor(url: string): Element[] {
  const elements = [...document.querySelectorAll(ASKING)].filter((element) =>
    addressesOf(element).some((address) => isSame(address, url)),
  );
  const sheets = [...document.styleSheets].filter((sheet) =>
    namesIn(sheet).some((name) => isSame(name, url)),
  );
  const owners = sheets.flatMap(({ ownerNode }) => (ownerNode instanceof Element ? [ownerNode] : []));
  return [...new Set([...elements, ...owners])];
}

function addressesOf(element: Element): string[] {
  if (element instanceof HTMLImageElement) return [element.currentSrc, element.src];
  if (element instanceof HTMLMediaElement) {
    const sources = [...element.querySelectorAll('source')].map(({ src }) => src);
    const poster = element instanceof HTMLVideoElement ? [element.poster] : [];
    return [element.currentSrc, element.src, ...sources, ...poster];
  }
  return ['src', 'href', 'data'].flatMap((name) => element.getAttribute(name) ?? []);
}

function again(element: Element): void {
  if (element instanceof HTMLMediaElement) {
    setAgain(element, 'poster');
    element.load();
  } else if (element instanceof HTMLScriptElement) element.replaceWith(sameScript(element));
  else if (element instanceof HTMLAnchorElement) {
    const copy = element.cloneNode();
    if (copy instanceof HTMLElement) copy.click(); // Outside the document, the page's own handlers hear nothing of it.
  } else if (element instanceof HTMLObjectElement) {
    element.replaceWith(element.cloneNode(true)); // Chromium never tries one again that has failed.
  } else if (isSheet(element)) {
    const place = document.createComment('');
    element.replaceWith(place); // A sheet is fetched, and its files are, when it comes into the document.
    noteOnItsWay(element);
    place.replaceWith(element);
  } else {
    const picture = element.closest('picture');
    for (const one of picture?.querySelectorAll('source') ?? []) setAgain(one, 'srcset');
    for (const name of ['srcset', 'src']) setAgain(element, name);
  }
}

function isSheet(element: Element): boolean {
  return element instanceof HTMLLinkElement || element instanceof HTMLStyleElement;
}

/** An element asks anew when its attribute is set, even to what it was. */
function setAgain(element: Element, name: string): void {
  const value = element.getAttribute(name);
  if (value !== null) element.setAttribute(name, value);
}

/** A script runs once, and has had its turn when it failed: a copy from scratch has not. */
function sameScript(script: HTMLScriptElement): HTMLScriptElement {
  const copy = document.createElement('script');
  for (const { name, value } of script.attributes) copy.setAttribute(name, value);
  copy.nonce = script.nonce;
  copy.async = script.async;
  return copy;
}

/** Every file that a style sheet names: fonts and images. Those of other sites are closed to us. */
function namesIn(sheet: CSSStyleSheet): string[] {
  try {
    const text = [...sheet.cssRules].map(({ cssText }) => cssText).join('');
    const base = sheet.href ?? document.baseURI;
    return [...text.matchAll(/url\("([^"]+)"\)/g)].map(([, name = '']) => new URL(name, base).href);
  } catch {
    return [];
  }
}

/** Fragments never reach a server. */
function isSame(address: string, url: string): boolean {
  if (address === '' || !URL.canParse(address, document.baseURI)) return false;
  const resolved = new URL(address, document.baseURI);
  resolved.hash = '';
  return resolved.href === url;
}
