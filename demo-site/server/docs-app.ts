import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import { asObject, asString } from 'tuppence/core';
import { checkAddress } from '../checker/check-address.ts';
import type { Article } from '../pages/article.ts';
import {
  checkerPage,
  docsIndex,
  docsPage,
  loadUnpackedPage,
  lookPage,
  referencePage,
  startPage,
} from '../pages/docs/docs-pages.ts';
import { FRAMEWORKS } from '../pages/docs/framework-pages.ts';
import { SAMPLES } from '../pages/docs/samples.ts';
import { frameworkBundle } from './framework-bundles.ts';
import { freeCacheControl, paidCacheControl } from './headers.ts';

const SOURCES = new URL('../pages/docs/frameworks/', import.meta.url);

/** Addresses below `/docs` that are sold, each for a cent. */
export const soldInDocs: readonly string[] = SAMPLES.map(({ name }) => `/docs/sold/${name}`);

/** For publishers: one page per feature, each running what it shows, and what those pages sell. */
export function docsApp(article: Article): Hono {
  const app = new Hono();
  const headers = { 'Cache-Control': freeCacheControl };
  app.get('/', (c) => c.html(docsIndex(article), 200, headers));
  app.get('/look', (c) => c.html(lookPage(article), 200, headers));
  app.get('/start', async (c) => c.html(await startPage(article), 200, headers));
  app.get('/load-unpacked', async (c) => c.html(await loadUnpackedPage(article), 200, headers));
  app.get('/checker', (c) => c.html(checkerPage(article, c.req.query('url') ?? ''), 200, headers));
  app.post('/checker', async (c) => {
    // It makes requests: nobody but our own page may have it do so.
    if ((c.req.header('sec-fetch-site') ?? 'same-origin') !== 'same-origin') return c.body(null, 403);
    const { url, from } = asObject(await c.req.json<unknown>(), 'request');
    return c.json(await checkAddress(asString(url, 'url'), from === null ? null : asString(from, 'from')));
  });
  app.get('/reference', async (c) => c.html(await referencePage(article), 200, headers));
  for (const { name, type, body, isFile } of SAMPLES)
    app.get(`/sold/${name}`, (c) =>
      c.body(body(), 200, {
        'Content-Type': type,
        'Cache-Control': paidCacheControl,
        ...(isFile && { 'Content-Disposition': `attachment; filename="${name}"` }),
      }),
    );
  for (const { slug, file, entry } of FRAMEWORKS) {
    if (entry === null)
      app.get(`/live/${slug}`, async (c) =>
        c.html(await readFile(new URL(file, SOURCES), 'utf8'), 200, headers),
      );
    else
      app.get(`/live/${slug}/:module`, async (c) => {
        const code = (await frameworkBundle(slug, entry)).get(c.req.param('module'));
        if (code === undefined) return c.notFound();
        return c.body(code, 200, { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' });
      });
  }
  app.get('/:slug', async (c) => {
    const page = await docsPage(article, c.req.param('slug'));
    return page === null ? c.notFound() : c.html(page, 200, headers);
  });
  return app;
}
