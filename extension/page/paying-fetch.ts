import { isOwnPayment } from '../messaging/own-payment.ts';
import type { Answer, Ask } from '../messaging/page-channel.ts';

declare global {
  interface RequestInit {
    /** `ask: false`, where nobody has pressed anything: it is paid by the reader's rules alone, or not at all. */
    x402?: { readonly ask?: boolean };
  }
}

/** Characters of terms that are read, and milliseconds that they may take: a body may go on for ever. */
const MAX_TERMS = 65_536;
const TERMS_WITHIN = 5_000;

/**
 * `fetch` that, when the answer is a 402, asks the extension and, told so, makes the same request again. The browser
 * adds the payment below the page, so nothing here ever holds one. Everything else is passed through untouched.
 */
export function payingFetch(nativeFetch: typeof fetch, ask: Ask): typeof fetch {
  const { Request } = window; // A page may put another in its place.
  return new Proxy(nativeFetch, {
    apply(native, self, args: [] | Parameters<typeof fetch>) {
      const init = args[1];
      let request: Request;
      try {
        if (init?.body instanceof ReadableStream) throw init; // It can be read once.
        request = new Request(...(args as Parameters<typeof fetch>)); // Of none at all, it throws.
      } catch {
        return Reflect.apply(native, self, args); // Which says what is wrong with it, if something is.
      }
      const body = typeof init?.body === 'string' ? init.body : undefined;
      // Text can be sent again as it is.
      const spare = body || !request.body ? request : request.clone();
      const { url, method, signal, referrer, referrerPolicy } = request;
      // `Request` objects do not carry the priority that a page asked for, and lose their referrer to any option.
      const options = { priority: init?.priority, referrer, referrerPolicy };
      // One purchase has one payer: what the page pays itself is the page's, and so is its 402.
      let answer: Answer = [...request.headers].some(isOwnPayment) ? '' : 'again';
      const attempt = async (...how: unknown[]): Promise<Response> => {
        const response: Response = await Reflect.apply(native, self, how);
        // A 402 behind a redirect belongs to another address than the one that was asked for.
        if (answer !== 'again' || response.redirected || response.status !== 402) return response;
        // The background asks for the terms of a GET itself; another body than the page's it can't see. One that
        // breaks off is the page's to find out.
        const terms = method === 'GET' ? null : response.clone().body;
        const said = terms ? await startOf(terms.getReader()).catch(String) : '';
        signal.throwIfAborted();
        answer = await new Promise((resolve, reject) => {
          signal.onabort = () => reject(signal.reason); // Of a request that the page has never seen.
          void ask(url, method, said, body, init?.x402?.ask).then(resolve);
        });
        if (!answer) return response;
        void response.body?.cancel(); // Nobody will read it, and unread it would hold its connection.
        // A 402 that may be kept by the HTTP cache would answer the paid request too.
        return attempt(spare, { ...options, body, cache: 'reload' });
      };
      return attempt(request, options);
    },
  });
}

/** The start of a body: one that is cut off holds no terms. @throws when the connection breaks off. */
async function startOf(body: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  setTimeout(() => body.cancel().catch(String), TERMS_WITHIN);
  for (
    let part: Uint8Array | undefined;
    text.length < MAX_TERMS;
    text += decoder.decode(part, { stream: true })
  ) {
    part = (await body.read()).value;
    if (!part) return text;
  }
  return text; // The rest is cancelled when its time is up, and nobody asks for more of it until then.
}
