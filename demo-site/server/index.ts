import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { World } from '../world/index.ts';
import { listenOnLoopback } from '../world/loopback.ts';
import { archiveApp } from './archive-app.ts';
import { currentApp } from './current-app.ts';
import { commonHeaders } from './headers.ts';
import { createRequestLog, type LoggedRequest } from './request-log.ts';

export type { LoggedRequest } from './request-log.ts';

/** The running magazine. */
export type Publication = {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly origin: string;
  /** Every request so far, in the order of arrival. */
  requests(): readonly LoggedRequest[];
  /** Idempotent. */
  stop(): Promise<void>;
};

/**
 * Serves the magazine on loopback, with prices payable in `world`.
 *
 * @param options `port`: any free one unless given
 * @throws Error when the port is taken or the world's facilitator does not answer
 */
export async function startPublication(
  world: World,
  { port = 0 }: { readonly port?: number } = {},
): Promise<Publication> {
  const log = createRequestLog();
  const current = getRequestListener((await currentApp(world)).fetch);
  const archive: RequestListener = archiveApp(world);
  const server = await listenOnLoopback((request, response) => {
    log.add(request, response);
    for (const [name, value] of commonHeaders) response.setHeader(name, value);
    const app = request.url?.startsWith('/archive/') ? archive : current;
    return app(request, response);
  }, port);
  return { ...server, requests: log.all };
}
