import type { Browser } from 'wxt/browser';
import { REQUEST_KINDS, type RequestKind } from '../storage/request-kind.ts';

/** What header rules and the events of requests both know. */
type ResourceType = NonNullable<Browser.declarativeNetRequest.RuleCondition['resourceTypes']>[number] &
  NonNullable<Browser.webRequest.RequestFilter['types']>[number];

const TYPES: { readonly [Kind in RequestKind]: ResourceType } = {
  navigation: 'main_frame',
  fetch: 'xmlhttprequest',
  frame: 'sub_frame',
  image: 'image',
  media: 'media',
  stylesheet: 'stylesheet',
  script: 'script',
  font: 'font',
  object: 'object',
  download: 'other', // And prefetches, which say so in a header.
};

/** Every type of request that may be paid; beacons, reports and sockets have nothing to show for it. */
export const PAYABLE_TYPES: readonly ResourceType[] = Object.values(TYPES);

/** The browser's word for a kind of request. */
export function resourceTypeOf(kind: RequestKind): ResourceType {
  return TYPES[kind];
}

/** The kind of request that the browser means; null for those that are not paid. */
export function kindOf(type: string): RequestKind | null {
  return REQUEST_KINDS.find((kind) => TYPES[kind] === type) ?? null;
}
