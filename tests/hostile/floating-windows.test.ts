import { Hono } from 'hono';
import type { FrameLocator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/*
 * A page that has a window of its own afloat above all others (document picture-in-picture), where it could cover the
 * host and the price of a question: "Float" opens it, "Sink" closes it, and "Read" asks for what costs 50¢.
 */

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { '/dear': '$0.50', '/cheap': '$0.05' }));
  for (const name of ['dear', 'cheap']) app.get(`/${name}`, (c) => c.text(name));
  app.get('/', (c) => c.html(PAGE));
  app.get('/frame', (c) => c.html(READ));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  await reader.page.goto(`${shop.origin}/`);
});
afterEach(() => reader?.close());

const READ = `<output></output><script>
  const end = (text) => { document.querySelector('output').textContent = text };
  const byFetch = (path) => fetch(path).then(({ status }) => end('got ' + status));
  const byXhr = (path) => {
    const xhr = new XMLHttpRequest();
    xhr.onloadend = () => end('got ' + xhr.status);
    xhr.open('GET', path);
    xhr.send();
  };
</script>
<button onclick="byFetch('/dear')">Read by fetch</button><button onclick="byXhr('/dear')">Read by XHR</button>
<button onclick="byFetch('/cheap')">Read what is cheap</button>`;
const PAGE = `${READ}<button onclick="documentPictureInPicture.requestWindow({ width: 420, height: 620 })
  .then(() => end('afloat'), end)">Float</button>
<button onclick="documentPictureInPicture.window.close(); end('sunk')">Sink</button><iframe src="/frame"></iframe>
<canvas></canvas><video muted></video><button onclick="floatVideo().then(() => end('afloat'), end)">Float a video</button>
<script>
  const floatVideo = async () => {
    const [canvas, video] = [document.querySelector('canvas'), document.querySelector('video')];
    canvas.getContext('2d').fillText('2 cents', 10, 10);
    video.srcObject = canvas.captureStream();
    await video.play();
    await video.requestPictureInPicture();
  };
</script>`;

const press = (name: string) => reader.page.getByRole('button', { name, exact: true }).click();
const questions = () => reader.context.pages().filter((page) => page.url().includes('consent.html'));

/** Waits until the page, or the frame in it, has its answer, or the reader is asked: which must not be. */
async function expectUnasked(where: Page | FrameLocator = reader.page): Promise<void> {
  const answered = where.getByText('got 402');
  await until(
    async () => (await answered.count()) + questions().length,
    (count) => count > 0,
    'it has ended',
  );
  expect(questions()).toEqual([]);
  await expectPaid(world, reader, []);
}

async function float(name = 'Float'): Promise<void> {
  await press(name);
  await reader.page.getByText('afloat').waitFor();
}

test.each(['Read by fetch', 'Read by XHR'])(
  'while a page has a window afloat, “%s” opens no question that it could cover (audit 5)',
  async (name) => {
    await float();
    await press(name);
    await expectUnasked();
    await press('Sink');
    await reader.page.getByText('sunk').waitFor();
    await press(name);
    const question = await reader.question();
    await question.getByRole('button', { name: 'Pay 50¢' }).click();
    await reader.page.getByText('got 200').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [500_000n]);
  },
);

test('neither does a frame of the page, while the page has a window afloat (audit 5)', async () => {
  await float();
  const frame = reader.page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Read by fetch' }).click();
  await expectUnasked(frame);
});

test('neither does a page that has a video afloat, which may show anything (audit 5)', async () => {
  await float('Float a video');
  await press('Read by fetch');
  await expectUnasked();
});

test('what the reader’s limits pay without a question is paid, whatever is afloat', async () => {
  await float();
  await press('Read what is cheap');
  await reader.page.getByText('got 200').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [50_000n]);
});
