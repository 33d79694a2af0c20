import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on 127.0.0.1. `stop` is idempotent and cuts connections that are still open. */
export type Loopback = { readonly origin: string; stop(): Promise<void> };

/**
 * Serves `handler` on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws the system's error, for instance EADDRINUSE for a port that is taken
 */
export async function listenOnLoopback(handler: RequestListener, port = 0): Promise<Loopback> {
  const server = createServer(handler);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://127.0.0.1:${address.port}`, stop };
}
