import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that the publication got. `status` is 0 while it has not answered. */
export type LoggedRequest = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
};

type Entry = Omit<LoggedRequest, 'status'> & {
  status: number;
  response: ServerResponse | undefined;
};

/** More than any test sends; old requests go first when a demo runs for days. */
const capacity = 10_000;

/** Remembers requests in the order in which they came. */
export function createRequestLog() {
  const entries: Entry[] = [];
  return {
    /** Call once for each request, before it is answered. */
    add(request: IncomingMessage, response: ServerResponse): void {
      const entry = entryOf(request, response);
      entries.push(entry);
      if (entries.length > capacity) entries.shift();
      response.once('close', () => {
        entry.status = statusOf(entry);
        entry.response = undefined;
      });
    },
    all: (): readonly LoggedRequest[] =>
      entries.map((entry) => ({
        method: entry.method,
        path: entry.path,
        status: statusOf(entry),
        headers: entry.headers,
      })),
  };
}

function entryOf(request: IncomingMessage, response: ServerResponse): Entry {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const { method = '', url: path = '' } = request;
  return {
    method,
    path,
    headers: Object.fromEntries(headers),
    status: 0,
    response,
  };
}

/** A client may have the answer before the response has closed here, so an open one is asked. */
function statusOf({ response, status }: Entry): number {
  return response?.headersSent ? response.statusCode : status;
}
