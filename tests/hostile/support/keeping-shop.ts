import { Hono } from 'hono';
import type { World } from '../../../demo-site/world/index.ts';
import { paywallFor, type Shop, startShop } from '../../support/shop.ts';

/** A shop that keeps payments for later, while whoever pays is told that its till is down. */
export type KeepingShop = Shop & {
  /** What it was given since it was last told to forget: by nonce, each once. */
  readonly kept: ReadonlyMap<string, Kept>;
  forget(): void;
  /** Takes all of it, by the official server and its facilitator. */
  settle(): Promise<void>;
};

export type Kept = { readonly header: string; readonly validBefore: number };

/** Sells `/article` for 1¢. @param free what else it serves, for nothing. */
export async function startKeepingShop(
  world: World,
  free: (app: Hono) => Hono = (app) => app,
): Promise<KeepingShop> {
  const kept = new Map<string, Kept>();
  const app = free(new Hono())
    .use('/article', async (c, next) => {
      const header = c.req.header('payment-signature');
      if (header === undefined || c.req.header('x-settle') !== undefined) return next();
      const { nonce, validBefore } = JSON.parse(atob(header)).payload.authorization;
      kept.set(nonce, { header, validBefore: Number(validBefore) });
      return c.text('The till is down.', 502);
    })
    .use(await paywallFor(world, { '/article': '$0.01' }))
    .get('/article', (c) => c.text('the article'));
  const shop = await startShop(app);
  return {
    ...shop,
    kept,
    forget: () => kept.clear(),
    async settle() {
      for (const { header } of kept.values())
        await fetch(`${shop.origin}/article`, {
          headers: { 'PAYMENT-SIGNATURE': header, 'X-Settle': 'yes' },
        });
    },
  };
}
