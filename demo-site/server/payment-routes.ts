import type { RouteConfig } from '@x402/core/server';
import type { Article } from '../pages/article.ts';
import { teaserPage } from '../pages/teaser-page.ts';
import type { World } from '../world/index.ts';

/** v2 terms for the paid addresses of `articles`, paid to the world's payee. The verb keeps other methods out. */
export function paymentRoutes(articles: readonly Article[], world: World): Record<string, RouteConfig> {
  return Object.fromEntries(articles.map((article) => [`GET ${article.paidPath}`, terms(article, world)]));
}

function terms(article: Article, { network, payee }: World): RouteConfig {
  return {
    accepts: {
      scheme: 'exact',
      network,
      payTo: payee,
      price: article.price.terms,
    },
    description: article.title,
    mimeType: 'text/html',
    serviceName: 'Common Measure',
    customPaywallHtml: teaserPage(article),
  };
}
