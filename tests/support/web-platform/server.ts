import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../../demo-site/world/loopback.ts';

/** The suite's page and all that it asks for, on two origins. */
export type CheckServer = {
  /** Of the page, as strict as a site may be: no inline script, and Trusted Types enforced. */
  readonly pageUrl: string;
  /** Every request since the last call, in the order of arrival: method, address, headers. */
  taken(): readonly string[];
  stop(): Promise<void>;
};

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src * data: blob:; require-trusted-types-for 'script'; trusted-types 'none'";
const AXIOS = new URL('../../../node_modules/axios/dist/axios.min.js', import.meta.url);
const PAGE = `<!doctype html><meta charset=utf-8><title>Checks</title><body>
<script src="/axios.js"></script><script type="module" src="/checks/main.ts"></script>`;
const XML = '<?xml version="1.0"?><tides><high>04:12</high></tides>';
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, at) => at));

export async function startCheckServer(): Promise<CheckServer> {
  let log: string[] = [];
  let count = 0;
  /** What is left of the answer that the page gets a piece of whenever it asks for the next. */
  let waiting: (() => unknown)[] = [];
  const handler = async (request: IncomingMessage, response: ServerResponse) => {
    log.push(lineOf(request));
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const send = (status: number, type: string, body: string | Buffer) => {
      response.writeHead(status, {
        'Content-Type': type,
        'X-Shown': 'a',
        'X-Hidden': 'b',
        'x-ONE': ['1', '2'],
      });
      response.end(body);
    };
    const path = withCors(pathname, request, response);
    if (path === null) return;
    response.setHeader('Cache-Control', 'no-store');
    if (path.startsWith('/checks/')) {
      const source = await readFile(new URL(`./${path.slice(8)}`, import.meta.url), 'utf8');
      return send(200, 'text/javascript', stripTypeScriptTypes(source));
    }
    switch (path) {
      case '/':
        response.setHeader('Content-Security-Policy', POLICY);
        return send(200, 'text/html', PAGE);
      case '/axios.js':
        return send(200, 'text/javascript', await readFile(AXIOS));
      case '/text':
        return send(200, 'text/plain', 'hello');
      case '/empty':
        return send(200, 'text/plain', '');
      case '/json':
        return send(200, 'application/json', '{"tide":"high"}');
      case '/xml':
        return send(200, 'application/xml', XML);
      case '/html':
        return send(200, 'text/html; charset=utf-8', '<!doctype html><title>A tide</title><p>High');
      case '/bytes':
        return send(200, 'application/octet-stream', BYTES);
      case '/echo': {
        const { method, headers } = request;
        const { 'user-agent': _agent, connection: _connection, ...told } = headers;
        return send(
          200,
          'application/json',
          JSON.stringify({ method, headers: told, body: await text(request) }),
        );
      }
      case '/length':
        return send(
          200,
          'application/json',
          JSON.stringify({ got: (await text(request)).length, told: request.headers['content-length'] }),
        );
      case '/status':
        return send(Number(searchParams.get('is')), 'text/plain', 'as you wished');
      case '/cookie':
        response.setHeader('Set-Cookie', 'given=away; Path=/');
        return send(200, 'text/plain', 'a cookie');
      case '/count':
        count += 1;
        response.setHeader('Cache-Control', 'max-age=600');
        return send(200, 'text/plain', String(count));
      case '/redirect':
        response.setHeader('Location', searchParams.get('to') ?? '/');
        return send(Number(searchParams.get('status') ?? 302), 'text/plain', 'over there');
      case '/never':
        return;
      case '/events':
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        return pieces(response, ['id: 1\ndata: one\n\n', 'data: two\ndata: lines\n\n', ': nothing\n\n']);
      case '/stream':
        response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
        return pieces(response, ['one ', 'two ', 'three']);
      case '/asked-for':
        response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
        response.write('one ');
        waiting = ['two ', 'three'].map((piece) => () => response.write(piece));
        waiting.push(() => response.end());
        return;
      case '/next-piece':
        waiting.shift()?.();
        return send(200, 'text/plain', 'it comes');
      case '/hang':
      case '/hang-402':
        response.writeHead(path === '/hang' ? 200 : 402, {
          'Content-Type': 'text/plain',
          'X-Content-Type-Options': 'nosniff', // Else its first 512 bytes would be waited for.
        });
        response.write('the beginning');
        return;
      case '/broken':
      case '/broken-402':
        response.writeHead(path === '/broken' ? 200 : 402, {
          'Content-Type': 'text/plain',
          'Content-Length': '100',
        });
        response.write('ten bytes.', () => setTimeout(() => response.destroy(), 30));
        return;
      case '/plain-402':
        return send(402, 'text/plain', 'The till is over there.');
      case '/json-402':
        return send(402, 'application/json', '{"error":"Your plan does not include tides."}');
      case '/empty-402':
        return send(402, 'text/plain', '');
      default:
        return send(404, 'text/plain', 'nothing here');
    }
  };
  const [page, other] = await Promise.all([listenOnLoopback(handler), listenOnLoopback(handler)]);
  return {
    pageUrl: `${page.origin}/?other=${other.origin}`,
    taken() {
      const taken = log;
      log = [];
      return taken;
    },
    async stop() {
      await Promise.all([page.stop(), other.stop()]);
    },
  };
}

/** `/cors/…` lets every origin read, with credentials; `/strict/…` does too, but refuses preflights. */
function withCors(path: string, request: IncomingMessage, response: ServerResponse): string | null {
  const [, kind, rest = ''] = /^\/(cors|strict)(\/.*)$/.exec(path) ?? [];
  if (kind === undefined) return path;
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', 'X-Shown');
  if (request.method !== 'OPTIONS') return rest;
  if (kind === 'cors') {
    response.setHeader('Access-Control-Allow-Methods', 'PUT, DELETE');
    response.setHeader('Access-Control-Allow-Headers', 'X-One, Content-Type');
    response.setHeader('Access-Control-Max-Age', '0');
  }
  response.writeHead(kind === 'cors' ? 204 : 405).end();
  return null;
}

function lineOf({ method, url, headers }: IncomingMessage): string {
  const { connection: _connection, 'content-type': type, ...rest } = headers;
  return JSON.stringify([method, url, type?.replace(/Boundary\w+/, ''), rest]);
}

async function pieces(response: ServerResponse, texts: readonly string[]): Promise<void> {
  for (const piece of texts) {
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  response.end();
}
