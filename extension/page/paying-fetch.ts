import type { Ask } from '../messaging/page-channel.ts';

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
  return new Proxy(nativeFetch, {
    apply(native, self, args: [] | Parameters<typeof fetch>) {
      const again = args.length === 0 ? null : repeatable(args);
      if (again === null) return Reflect.apply(native, self, args);
      return (async () => {
        const response: Response = await Reflect.apply(native, self, [again.request, prioritised(args[1])]);
        // A 402 behind a redirect belongs to another address than the one that was asked for.
        if (response.status !== 402 || response.redirected) return response;
        const { url, method, signal } = again.request;
        // The background asks for the terms of a GET itself; another body than the page's it can't see.
        const body = method === 'GET' ? '' : await response.clone().text();
        const asked = ask(url, method, body, args[1]?.x402?.ask);
        if ((await Promise.race([asked, abortOf(signal)])) !== 'retry') return response;
        void response.body?.cancel(); // Nobody will read it, and unread it would hold its connection.
        return Reflect.apply(native, self, [again.next(), prioritised(args[1])]);
      })();
    },
  });
}

/** The request as it was when it was made, and once more; null when it can't be repeated: then we stay out of it. */
function repeatable([input, init]: Parameters<typeof fetch>): {
  request: Request;
  next: () => Request;
} | null {
  if (init?.body instanceof ReadableStream) return null;
  let request: Request;
  try {
    request = new Request(input, init);
  } catch {
    return null; // The native function says what is wrong with it.
  }
  const spare = request.body === null ? request : request.clone();
  // A 402 that may be kept by the HTTP cache would answer the paid request too.
  return { request, next: () => new Request(spare, { cache: 'reload' }) };
}

/** Fails when the page gives the request up while the reader is being asked. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** `Request` objects do not carry the priority that a page asked for. */
function prioritised(init: RequestInit | undefined): RequestInit | undefined {
  return init?.priority === undefined ? undefined : { priority: init.priority };
}
