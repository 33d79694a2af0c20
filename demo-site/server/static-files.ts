import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';

const pages = new URL('../pages/', import.meta.url);
const component = new URL('../../component/dist/cdn/', import.meta.url);

/** The stylesheets, the icon, and the built web component with the files that it loads later. */
export function staticFiles(): Hono {
  const app = new Hono();
  app.get('/styles.css', (c) => send(c.req.path, pages, 'text/css; charset=utf-8'));
  app.get('/docs.css', (c) => send(c.req.path, pages, 'text/css; charset=utf-8'));
  app.get('/favicon.svg', (c) => send(c.req.path, pages, 'image/svg+xml'));
  for (const file of [
    '/docs-look.js',
    '/docs-checker.js',
    '/docs-events.js',
    '/docs-page.js',
    '/local-receipts.js',
  ])
    app.get(file, (c) => send(c.req.path, pages, 'text/javascript; charset=utf-8'));
  app.get('/:file{[\\w-][\\w.-]*\\.js}', (c) =>
    send(c.req.path, component, 'text/javascript; charset=utf-8'),
  );
  return app;
}

/** `path` is one plain file name after a slash: the routes above see to that. */
async function send(path: string, directory: URL, type: string): Promise<Response> {
  try {
    const content = await readFile(new URL(path.slice(1), directory));
    return new Response(new Uint8Array(content), {
      headers: { 'Content-Type': type, 'Cache-Control': 'no-cache' },
    });
  } catch {
    return new Response(missing(path), {
      status: 404,
      headers: { 'Cache-Control': 'no-cache' },
    });
  }
}

function missing(path: string): string {
  return path === '/x402-paywall.js'
    ? 'The web component is not built yet: component/dist/cdn/x402-paywall.js is missing.'
    : `There is no file ${path} here.`;
}
