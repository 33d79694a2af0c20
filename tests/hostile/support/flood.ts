import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Hono } from 'hono';
import type { Page } from 'playwright';
import type { World } from '../../../demo-site/world/index.ts';
import { rowsOf } from '../../support/own-database.ts';
import { type Shop, startShop } from '../../support/shop.ts';
import { ENTRY_V2, termsHeader } from '../../support/terms.ts';
import { page } from './till.ts';

/** A site that answers everything under `/ask/` with a 402 for a cent, with `filler` characters of text in its terms. */
export async function startFlood(world: World, filler = 300): Promise<Shop> {
  const texts = Array.from({ length: Math.ceil(filler / 10_000) }, (_, at) =>
    'x'.repeat(Math.min(10_000, filler - at * 10_000)),
  );
  const terms = termsHeader([{ ...ENTRY_V2, payTo: world.payee }], {
    extensions: { notes: { info: { texts } } },
  });
  const app = new Hono();
  app.all('/ask/*', (c) => c.body('', 402, { 'PAYMENT-REQUIRED': terms, 'Cache-Control': 'no-store' }));
  app.get('/frames', (c) => {
    const frames = Array.from(
      { length: Number(c.req.query('count')) },
      (_, at) => `<iframe src="/frame?${at}">`,
    );
    return page(frames.join(''));
  });
  app.get('/images', (c) => {
    const images = Array.from(
      { length: Number(c.req.query('count')) },
      (_, at) => `<img src="/ask/image/${at}">`,
    );
    return page(images.join(''));
  });
  // A script of the page's own: one that a test runs in it would count as its reader's press.
  app.get('/busy', (c) =>
    page(`<script>
      let at = 0;
      const timer = setInterval(() => {
        void fetch('/ask/' + at);
        if (++at >= ${Number(c.req.query('count'))}) clearInterval(timer);
      }, ${1_000 / Number(c.req.query('rate') ?? 200)});
    </script>`),
  );
  app.get('*', () => page('<h1>A busy page</h1>'));
  return startShop(app);
}

/** Milliseconds after which answers count as not coming. */
const GIVEN_UP = 100_000;

/** Asks for `count` addresses from the page's script, so many at a time, and waits until each has its answer. */
export function askFor(target: Pick<Page, 'evaluate'>, count: number, options: object = {}): Promise<void> {
  return target.evaluate(
    async ([total, init, patience]) => {
      const name = Math.random();
      const one = (at: number) => fetch(`/ask/${name}/${at}`, { ...init }).catch(() => null);
      let next = 0;
      const line = async () => {
        while (next < total) await one(next++);
      };
      const lines = Array.from({ length: 25 }, line);
      await Promise.race([Promise.all(lines), new Promise((resolve) => setTimeout(resolve, patience))]);
    },
    [count, options, GIVEN_UP] as const,
  );
}

/** How many 402s are written down, and how many characters they and their terms take. */
export async function recordsOf(own: Page): Promise<{ readonly count: number; readonly length: number }> {
  const [encounters, terms] = [await rowsOf(own, 'encounters'), await rowsOf(own, 'terms')];
  return { count: encounters.length, length: JSON.stringify([encounters, terms]).length };
}

/**
 * A site that takes any method and any length of address, which no server of Node's does: `/` is a page, all else a
 * 402 for a cent.
 */
export async function startWide(
  world: World,
): Promise<{ readonly origin: string; readonly stop: () => Promise<void> }> {
  const terms = termsHeader([{ ...ENTRY_V2, payTo: world.payee }]);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const isPage = text.startsWith('GET / ');
      text = '';
      const body = isPage ? '<!doctype html><title>A page</title>' : '';
      const status = isPage
        ? '200 OK\r\nContent-Type: text/html'
        : `402 Payment Required\r\nPAYMENT-REQUIRED: ${terms}`;
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
