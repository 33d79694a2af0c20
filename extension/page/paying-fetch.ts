import type { Answer, Ask } from '../messaging/page-channel.ts';

declare global {
  interface RequestInit {
    /** `ask: false`, where nobody has pressed anything: it is paid by the reader's rules alone, or not at all. */
    x402?: { readonly ask?: boolean };
  }
}

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
        request = Reflect.construct(Request, args);
      } catch {
        return Reflect.apply(native, self, args); // Which says what is wrong with it, if something is.
      }
      const body = typeof init?.body === 'string' ? init.body : undefined;
      // Text can be sent again as it is.
      const spare = body || !request.body ? request : request.clone();
      const { url, method, signal, referrer, referrerPolicy } = request;
      // `Request` objects do not carry the priority that a page asked for, and lose their referrer to any option.
      const options = { priority: init?.priority, referrer, referrerPolicy };
      let answer: Answer = 'again';
      const attempt = async (...how: unknown[]): Promise<Response> => {
        const response: Response = await Reflect.apply(native, self, how);
        // A 402 behind a redirect belongs to another address than the one that was asked for.
        if (answer !== 'again' || response.redirected || response.status !== 402) return response;
        // The background asks for the terms of a GET itself; another body than the page's it can't see. One that
        // breaks off is the page's to find out.
        const said = method === 'GET' ? '' : await response.clone().text().catch(String);
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
