import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine. `stop` is idempotent and cuts connections that are still open. */
export type Loopback = { readonly origin: string; stop(): Promise<void> };

/**
 * Serves `handler` on the loopback interface.
 *
 * @param port 0 for any free one
 * @param host another address of 127.0.0.0/8, for a site of another name
 * @throws the system's error, for instance EADDRINUSE for a port that is taken
 */
export async function listenOnLoopback(
  handler: RequestListener,
  port = 0,
  host = '127.0.0.1',
): Promise<Loopback> {
  const server = createServer(handler);
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://${host}:${address.port}`, stop };
}
