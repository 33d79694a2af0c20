import { Hono } from 'hono';
import type { Article } from '../pages/article.ts';
import { checkerPage, docsIndex, docsPage, lookPage, referencePage } from '../pages/docs/docs-pages.ts';
import { SAMPLES } from '../pages/docs/samples.ts';
import { freeCacheControl, paidCacheControl } from './headers.ts';

/** Addresses below `/docs` that are sold, each for a cent. */
export const soldInDocs: readonly string[] = SAMPLES.map(({ name }) => `/docs/sold/${name}`);

/** For publishers: one page per feature, each running what it shows, and what those pages sell. */
export function docsApp(article: Article): Hono {
  const app = new Hono();
  const headers = { 'Cache-Control': freeCacheControl };
  app.get('/', (c) => c.html(docsIndex(article), 200, headers));
  app.get('/look', (c) => c.html(lookPage(article), 200, headers));
  app.get('/checker', (c) => c.html(checkerPage(article), 200, headers));
  app.get('/reference', async (c) => c.html(await referencePage(), 200, headers));
  for (const { name, type, body, isFile } of SAMPLES)
    app.get(`/sold/${name}`, (c) =>
      c.body(body(), 200, {
        'Content-Type': type,
        'Cache-Control': paidCacheControl,
        ...(isFile && { 'Content-Disposition': `attachment; filename="${name}"` }),
      }),
    );
  app.get('/:slug', async (c) => {
    const page = await docsPage(article, c.req.param('slug'));
    return page === null ? c.notFound() : c.html(page, 200, headers);
  });
  return app;
}
