import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

/** `ended` is what the page itself got in the end. */
const page = (script: string) => `<button>Read</button><output></output><script>
  const ended = (text) => { document.querySelector('output').textContent = text };
  document.querySelector('button').onclick = () => { ${script} };
</script>`;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(await paywallFor(world, { '/data': '$2.50' }));
  app.get('/data', (c) => c.text('data'));
  app.get('/fetch', (c) => c.html(page("fetch('/data').then(({ status }) => ended('got ' + status))")));
  app.get('/xhr', (c) =>
    c.html(
      page(`const xhr = new XMLHttpRequest(); xhr.onloadend = () => ended('got ' + xhr.status);
        xhr.open('GET', '/data'); xhr.send()`),
    ),
  );
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

test.each(['fetch', 'xhr'])(
  'when the extension is updated while the reader is asked, the page’s %s ends with its own 402 (audit 23)',
  async (kind) => {
    await reader.page.goto(`${shop.origin}/${kind}`);
    await reader.page.getByRole('button').click();
    await reader.question();
    void reader
      .own()
      .evaluate('chrome.runtime.reload()')
      .catch(() => undefined);
    await reader.page.getByText('got 402').waitFor();
    await expectPaid(world, reader, []);
  },
);
