import { privateKeyToAddress } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { tideMachine } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';
import { PASSPHRASE, until } from '../support/reader.ts';

const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';

let world: World;
let publication: Publication;
let browser: PayingBrowser;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
});
afterAll(async () => {
  await publication?.stop();
  await world?.stop();
});
beforeEach(async () => {
  browser = await launchPayingBrowser();
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
});
afterEach(() => browser?.close());

async function open(screen: string) {
  const { page } = await browser.newTab();
  await page.goto(browser.extensionUrl(screen));
  return page;
}

async function makeKey(privateKey: string | null = null) {
  const page = await open('welcome.html');
  await page.getByLabel('Passphrase, at least 8 characters').fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  if (privateKey !== null) {
    await page.getByRole('button', { name: 'I have a key already' }).click();
    await page.getByLabel('Private key').fill(privateKey);
    await page.getByRole('button', { name: 'Take in this key' }).click();
  } else await page.getByRole('button', { name: 'Make my key' }).click();
  await page.getByRole('heading', { name: 'Put some USDC on it' }).waitFor();
  return page;
}

test('a reader makes a key, funds it, sets a limit and reads an article, with the screens alone', async () => {
  const welcome = await makeKey();
  const address = (await welcome.locator('code').innerText()) as `0x${string}`;
  await world.mint(address, 1_000_000n);
  await welcome.getByLabel('Network').selectOption({ label: 'Base Sepolia (test money)' });
  await welcome.getByRole('button', { name: 'Check balance' }).click();
  await welcome.getByText('1 USDC on Base Sepolia').waitFor();
  const popup = await open('popup.html');
  await popup.getByLabel('Each payment, up to, in US dollars').fill('0.06');
  await popup.getByRole('button', { name: 'Set: Each payment, up to' }).click();
  await popup.getByText('Saved.').waitFor();
  await popup.getByLabel('On any site').check();
  await until(
    async () => (await browser.ask('overview', { tabId: null })).policy,
    ({ anySite }) => anySite,
    'any site',
  );
  const { page } = await browser.newTab();
  await page.goto(publication.origin + tideMachine.path);
  await page.getByText('Beauchamp Tower').waitFor();
  expect(await world.balanceOf(address)).toBe(950_000n);
  await popup.bringToFront();
  await popup.reload();
  await popup.getByText('Paid', { exact: true }).waitFor();
  expect(await popup.locator('.spent').innerText()).toBe('5¢');
  const [receipt] = (await browser.ask('overview', { tabId: null })).payments;
  expect(receipt?.transaction).toMatch(/^0x[0-9a-f]{64}$/);
  // The public explorer knows nothing of a chain on this machine; see e2e/explorer.
  expect(await popup.getByRole('link', { name: 'Paid' }).count()).toBe(0);
});

test('a key that the reader has already can be taken in, and is never written over', async () => {
  const welcome = await makeKey(KEY.slice(2));
  expect(await welcome.locator('code').innerText()).toBe(privateKeyToAddress(KEY));
  const second = browser.ask('createKey', { passphrase: PASSPHRASE, privateKey: null });
  await expect(second).rejects.toMatchObject({ reason: 'Vault.KeyExistsError' });
});

test('what is no private key is refused in words, and a new key is made instead', async () => {
  const page = await open('welcome.html');
  await page.getByLabel('Passphrase, at least 8 characters').fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'I have a key already' }).click();
  await page.getByLabel('Private key').fill('zzzz');
  await page.getByRole('button', { name: 'Take in this key' }).click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toBe(
    'That is no private key: one has 64 hexadecimal digits, 0 to 9 and a to f.',
  );
  await page.getByRole('button', { name: 'Make a new key instead' }).click();
  expect(await alert.count()).toBe(0);
  await page.getByRole('button', { name: 'Make my key' }).click();
  await page.getByRole('heading', { name: 'Put some USDC on it' }).waitFor();
  expect((await browser.ask('overview', { tabId: null })).wallet).toBe('ready');
});

test('prices and states stand in one column, in the popup and in the options', async () => {
  const { address } = await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey: null });
  await world.mint(address as `0x${string}`, 1_000_000n);
  const { policy } = await browser.ask('overview', { tabId: null });
  await browser.ask('setPolicy', { policy: { ...policy, anySite: true } });
  const { page } = await browser.newTab();
  await page.goto(publication.origin + tideMachine.path);
  await page.getByText('Beauchamp Tower').waitFor();
  await until(
    async () => (await browser.ask('overview', { tabId: null })).payments,
    ([payment]) => payment?.state === 'settled',
    'the article is paid',
  );
  expect(await world.balanceOf(address as `0x${string}`)).toBe(950_000n);
  for (const screen of ['popup.html', 'options.html']) {
    const list = (await open(screen)).locator('.list').filter({ hasText: 'Paid' });
    await list.waitFor();
    const ends = await list.locator('li > .figures, li > .settled').evaluateAll((all) =>
      all.map((one) => {
        const text = document.createRange();
        text.selectNodeContents(one);
        return Math.round(text.getBoundingClientRect().right);
      }),
    );
    expect(ends, screen).toHaveLength(2);
    expect(ends[0], screen).toBe(ends[1]);
  }
});

test('two passphrases that differ, and a short one, make no key', async () => {
  const page = await open('welcome.html');
  await page.getByLabel('Passphrase, at least 8 characters').fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(`${PASSPHRASE}!`);
  await page.getByRole('button', { name: 'Make my key' }).click();
  await page.getByText('The two passphrases are not the same.').waitFor();
  const short = browser.ask('createKey', { passphrase: 'short', privateKey: null });
  await expect(short).rejects.toMatchObject({ reason: 'Vault.WeakPassphraseError' });
  expect((await browser.ask('overview', { tabId: null })).wallet).toBe('none');
});

test('the key is encrypted at rest: neither it nor the passphrase is in the database', async () => {
  const page = await makeKey(KEY);
  const stored = await page.evaluate(async () => {
    const open = indexedDB.open('tuppence');
    const db = await new Promise<IDBDatabase>((resolve) => {
      open.onsuccess = () => resolve(open.result);
    });
    const all = db.transaction('settings').objectStore('settings').getAll();
    const values = await new Promise<unknown[]>((resolve) => {
      all.onsuccess = () => resolve(all.result);
    });
    const text = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return JSON.stringify(values, (_, value) => (value instanceof Uint8Array ? text(value) : value));
  });
  expect(stored).toContain('"iterations":600000');
  expect(stored.toLowerCase()).not.toContain(KEY.slice(2));
  expect(stored).not.toContain(Buffer.from(KEY).toString('hex'));
  expect(stored).not.toContain(PASSPHRASE);
});

test('a limit that is no amount is refused in words, and the old one stays', async () => {
  const popup = await open('popup.html');
  for (const typed of ['ten', '-1', '0.0000001', '1e2']) {
    await popup.getByLabel('Each payment, up to, in US dollars').fill(typed);
    await popup.getByRole('button', { name: 'Set: Each payment, up to' }).click();
    await popup.getByRole('alert').filter({ hasText: typed }).waitFor();
  }
  expect((await browser.ask('overview', { tabId: null })).policy.autoPay).toBe('100000');
});

test('an empty limit means "ask"', async () => {
  const popup = await open('popup.html');
  await popup.getByLabel('Each payment, up to, in US dollars').fill('');
  await popup.getByRole('button', { name: 'Set: Each payment, up to' }).click();
  await popup.getByText('Saved.').waitFor();
  expect((await browser.ask('overview', { tabId: null })).policy.autoPay).toBeNull();
});

test('without a key nothing is asked and nothing is paid; the popup says how to make one', async () => {
  const { page } = await browser.newTab();
  await page.goto(publication.origin + tideMachine.path);
  const popup = await open('popup.html');
  await popup.getByText('Make one now').waitFor();
  await popup.getByText('Not paid (1)').click();
  await popup.getByText('There is no spending key yet.').waitFor();
  expect(browser.context.pages().some((one) => one.url().includes('consent.html'))).toBe(false);
});
