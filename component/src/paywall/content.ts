import { type ContentKind, kindOf, nameOf, typeOf } from './content-type.ts';
import { type LiveBody, liveBody } from './live-body.ts';

export type { ContentKind } from './content-type.ts';

/** What a reader gets for the money. Data only: each element on the page draws its own copy. */
export type Content = {
  readonly kind: ContentKind;
  /** Media type, in lower case and without parameters. */
  readonly type: string;
  readonly charset: string;
  /** For a file that is saved. */
  readonly name: string;
  /** The address that it came from. */
  readonly url: string;
  /** Whether the server means it to be saved. */
  readonly isAttachment: boolean;
  /** Whether the browser can load parts of it from that address by itself, because it costs nothing there. */
  readonly isSeekable: boolean;
  readonly body: LiveBody;
};

/**
 * The content of an answer; its body goes on arriving.
 *
 * @param url where it was asked for.
 * @param isOpen whether nothing had to be paid for it.
 */
export function contentOf(response: Response, url: string, isOpen: boolean): Content {
  const { type, charset } = typeOf(response.headers.get('content-type'));
  const disposition = response.headers.get('content-disposition') ?? '';
  const kind = kindOf(type, disposition);
  const isAttachment = /^\s*attachment/i.test(disposition);
  const hasRanges = response.headers.get('accept-ranges') === 'bytes';
  return {
    kind,
    type,
    charset,
    name: nameOf(disposition, url),
    url: response.url || url,
    isAttachment,
    isSeekable: isOpen && hasRanges && (kind === 'audio' || kind === 'video'),
    body: liveBody(response),
  };
}
