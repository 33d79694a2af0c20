import { Hono } from 'hono';
import { noTransactionPage, transactionPage } from '../pages/transaction-page.ts';
import type { World } from '../world/index.ts';

/** Shows transactions of the local chain, at the addresses that public explorers have: `/tx/<hash>`. */
export function explorerApp(world: World): Hono {
  const app = new Hono();
  app.get('/tx/:hash', async (c) => {
    const hash = c.req.param('hash');
    const found = isHash(hash) ? await world.lookUp(hash) : null;
    const headers = { 'Cache-Control': 'no-cache' };
    return found === null
      ? c.html(noTransactionPage(), 404, headers)
      : c.html(transactionPage(found), 200, headers);
  });
  return app;
}

function isHash(text: string): text is `0x${string}` {
  return /^0x[0-9a-fA-F]{64}$/.test(text);
}
