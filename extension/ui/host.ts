import { html, type TemplateResult } from 'lit';

/** Most characters of a host that are shown; a longer one loses its middle. */
const MOST = 60;
/** Of the beginning of a longer one. */
const BEGINNING = 12;
const MARK = '…';

/** A host in the parts in which it is shown: together they end as the host does, port included. */
export type HostParts = {
  /** What its owner may choose at will, such as `www.news.`. */
  readonly start: string;
  /** The end, which says who the owner is, such as `example.co.uk`; the whole of an address. */
  readonly end: string;
  /** With its colon; empty where it is the scheme's own. */
  readonly port: string;
};

/**
 * Divides a host before its last two labels, or three where a country's second level is a short one, as in `co.uk`. A
 * list of public suffixes would divide a few more exactly, for about 40 KB that grow old: what has to be seen is the
 * end, and no more than that is claimed here.
 *
 * @param host as `URL` has it, so names in other scripts are punycode and lookalikes look unlike.
 */
export function hostParts(host: string): HostParts {
  const [port = ''] = /:\d+$/.exec(host) ?? [];
  const name = host.slice(0, host.length - port.length);
  const end = endOf(name);
  const start = name.slice(0, name.length - end.length);
  return { start: elided(start, Math.max(MOST - end.length, BEGINNING)), end: elided(end, MOST), port };
}

/** A host so that its end can't be missed: that bold, the rest soft. The whole is its title. */
export function hostView(host: string): TemplateResult {
  const { start, end, port } = hostParts(host);
  return html`<span class="host-name" dir="ltr" title=${host}><span class="soft">${start}</span><strong>${end}</strong><span class="soft">${port}</span></span>`;
}

/** Host and path of an address, for lists: of the two only the path is cut off where there is no room. */
export function placeView(url: string): TemplateResult {
  if (!URL.canParse(url)) return html`<span class="place">${url}</span>`;
  const { host, pathname } = new URL(url);
  return html`<span class="place" title=${url}>${hostView(host)}<span class="path">${pathname}</span></span>`;
}

function endOf(name: string): string {
  if (/^[\d.]+$/.test(name) || name.startsWith('[')) return name;
  const labels = name.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  return labels.slice(top.length === 2 && second.length <= 3 && labels.length > 2 ? -3 : -2).join('.');
}

/** Its middle taken out where it is too long; the end is always there. */
function elided(text: string, most: number): string {
  if (text.length <= most) return text;
  const beginning = Math.min(BEGINNING, Math.floor(most / 2));
  return `${text.slice(0, beginning)}${MARK}${text.slice(beginning + 1 - most)}`;
}
