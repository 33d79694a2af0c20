import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { launchPayingBrowser } from '../extension/reader/launch.ts';
import { bridgeReport } from './pages/articles/index.ts';
import { startPublication } from './server/index.ts';
import { startWorld } from './world/index.ts';

// Makes the README's pictures from the running thing: `npm run screenshots`.

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));

const world = await startWorld();
const publication = await startPublication(world);
const browser = await launchPayingBrowser();
try {
  await mkdir(folder, { recursive: true });
  const privateKey = generatePrivateKey();
  await browser.ask('createKey', { passphrase: 'a passphrase for pictures', privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await world.mint(privateKeyToAddress(privateKey), 5_000_000n);
  for (const scheme of ['light', 'dark'] as const) await pictureOfAQuestion(scheme);
} finally {
  await browser.close();
  await publication.stop();
  await world.stop();
}

/** The article that asks for payment, and the window that asks the reader, side by side. */
async function pictureOfAQuestion(scheme: 'light' | 'dark'): Promise<void> {
  const { page } = await browser.newTab();
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width: 860, height: 640 });
  const asked = browser.context.waitForEvent('page');
  await page.goto(publication.origin + bridgeReport.path);
  const question = await asked;
  await question.emulateMedia({ colorScheme: scheme });
  await question.setViewportSize({ width: 400, height: 520 });
  await question.getByText('Your balance').waitFor();
  await question.locator('button[aria-disabled=false]').waitFor();
  const pictures = [await pictureOf(page), await pictureOf(question)];
  await question.close();
  await page.close();
  await writeFile(`${folder}question-${scheme}.png`, await sideBySide(browser.context, pictures, scheme));
}

async function pictureOf(page: Page): Promise<string> {
  return `data:image/png;base64,${(await page.screenshot()).toString('base64')}`;
}

async function sideBySide(context: BrowserContext, pictures: readonly string[], scheme: 'light' | 'dark') {
  const page = await context.newPage();
  const backdrop = scheme === 'light' ? '#d9d4cc' : '#000';
  await page.setViewportSize({ width: 1120, height: 700 });
  await page.setContent(`<style>
    body { margin: 0; height: 700px; background: ${backdrop}; position: relative }
    img { position: absolute; border-radius: 10px; box-shadow: 0 12px 40px rgb(0 0 0 / 0.3) }
    img:first-child { left: 30px; top: 30px }
    img:last-child { right: 30px; bottom: 30px }
  </style>${pictures.map((src) => `<img src="${src}" alt="">`).join('')}`);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}
