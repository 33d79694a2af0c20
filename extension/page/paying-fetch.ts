import { isOwnPayment } from '../messaging/own-payment.ts';
import type { Answer, Ask } from '../messaging/page-channel.ts';

declare global {
  interface RequestInit {
    /** `ask: false`, where nobody has pressed anything: it is paid by the reader's rules alone, or not at all. */
    x402?: { readonly ask?: boolean };
  }
}

/** Characters of terms that are read, and milliseconds that they may take: a body may go on for ever. */
const MAX_TERMS = 1_000_000;
const TERMS_WITHIN = 2_000;

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
      const { method, signal, referrer, referrerPolicy } = request;
      // `Request` objects do not carry the priority that a page asked for, and lose their referrer to any option.
      const options = { priority: init?.priority, referrer, referrerPolicy };
      // One purchase has one payer: what the page pays itself is the page's, and so is its 402.
      let answer: Answer = [...request.headers].some(isOwnPayment) ? '' : 'again';
      const attempt = async (...how: unknown[]): Promise<Response> => {
        const response: Response = await Reflect.apply(native, self, how);
        if (answer !== 'again' || response.status !== 402) return response;
        // What the page itself got says whether it is x402 at all. A body that breaks off is the page's to find out.
        const said = await startOf(response.clone()).catch(String);
        signal.throwIfAborted();
        answer = await new Promise((resolve, reject) => {
          signal.onabort = () => reject(signal.reason); // Of a request that the page has never seen.
          void ask(response.url, method, said, body, init?.x402?.ask).then(resolve);
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

/**
 * The start of a body: of JSON all of it, of anything else no more than shows that it is not JSON.
 *
 * @throws when the connection breaks off, and when there is no body at all.
 */
async function startOf({ body }: Response): Promise<string> {
  const reader = (body as ReadableStream<Uint8Array>).getReader(); // Throws where that does not hold.
  const decoder = new TextDecoder();
  let text = '';
  let part: Uint8Array | undefined;
  setTimeout(() => reader.cancel().catch(String), TERMS_WITHIN);
  do {
    part = (await reader.read()).value;
    text += decoder.decode(part, { stream: true });
  } while (part && text.length < MAX_TERMS && /^\s*([[{]|$)/.test(text));
  return text; // The rest is cancelled when its time is up, and nobody asks for more of it until then.
}
