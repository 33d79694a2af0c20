/**
 * Installs the packed package where publishers would, builds a page with each framework from the very files that the
 * docs show, and buys what it sells with real money of the local chain: `npm run trial`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Browser } from 'playwright';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { installWallet } from '../component/support/browser-wallet.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { paywallFor, startShop } from '../support/shop.ts';

/** As of the day that this was written; the tarball comes with them. */
const PACKAGES = {
  '@lit/react': '1.0.8',
  '@sveltejs/vite-plugin-svelte': '7.3.1',
  '@types/react': '19.3.0',
  '@types/react-dom': '19.3.0',
  '@vitejs/plugin-react': '6.3.0',
  '@vitejs/plugin-vue': '6.0.11',
  react: '19.3.1',
  'react-dom': '19.3.1',
  svelte: '5.57.3',
  typescript: '6.0.3',
  vite: '8.3.8',
  vue: '3.5.45',
};
const SELLS = '/premium/what-a-penny-carried';
const PRICE = 20_000n;

type Trial = {
  readonly name: string;
  readonly sample: string;
  /** The module that puts the sample into the page, beside it; none for a page of its own. */
  readonly entry?: string;
  readonly plugin?: { readonly from: string; readonly name: string; readonly options: string };
};

const TRIALS: readonly Trial[] = [
  { name: 'plain', sample: 'plain.html' },
  {
    name: 'react',
    sample: 'react.tsx',
    entry: 'react.tsx',
    plugin: { from: '@vitejs/plugin-react', name: 'default', options: '' },
  },
  {
    name: 'vue',
    sample: 'vue.vue',
    entry: 'vue-main.js',
    plugin: {
      from: '@vitejs/plugin-vue',
      name: 'default',
      options: "{ template: { compilerOptions: { isCustomElement: (tag) => tag === 'x402-paywall' } } }",
    },
  },
  {
    name: 'svelte',
    sample: 'svelte.svelte',
    entry: 'svelte-main.js',
    plugin: { from: '@sveltejs/vite-plugin-svelte', name: 'svelte', options: '' },
  },
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = `${root}demo-site/pages/docs/frameworks/`;

const folder = await mkdtemp(`${tmpdir()}/tuppence-trial-`);
try {
  await install();
  for (const trial of TRIALS) await buildPage(trial);
  checkTypes();
  checkNode();
  await buyFromEach();
} finally {
  await rm(folder, { recursive: true, force: true });
}

function run(command: string, args: readonly string[], cwd = folder): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

async function install(): Promise<void> {
  run(process.execPath, ['pack.ts'], `${root}component`);
  const { version } = JSON.parse(await readFile(`${root}component/package.json`, 'utf8')) as {
    version: string;
  }; // Ours.
  const tuppence = `file:${root}component/dist/tuppence-${version}.tgz`;
  const manifest = { private: true, type: 'module', dependencies: { ...PACKAGES, tuppence } };
  await writeFile(`${folder}/package.json`, JSON.stringify(manifest));
  run('npm', ['install', '--loglevel=error', '--no-audit', '--no-fund']);
  console.log('installed from the packed tarball');
}

async function buildPage({ name, sample, entry, plugin }: Trial): Promise<void> {
  const page = `${folder}/${name}`;
  await mkdir(page);
  if (entry === undefined || plugin === undefined) {
    await cp(`${folder}/node_modules/tuppence/dist/cdn`, `${page}/dist`, { recursive: true });
    return cp(samples + sample, `${page}/dist/index.html`);
  }
  for (const file of [sample, entry]) await cp(samples + file, `${page}/${file}`);
  await writeFile(
    `${page}/index.html`,
    `<!doctype html><html lang="en"><title>${name}</title><div id="app"></div><script type="module" src="/${entry}"></script></html>`,
  );
  await writeFile(
    `${page}/vite.config.js`,
    `import { ${plugin.name} as plugin } from '${plugin.from}';\nexport default { plugins: [plugin(${plugin.options})], base: './', logLevel: 'warn' };\n`,
  );
  run(process.execPath, [`${folder}/node_modules/vite/bin/vite.js`, 'build'], page);
  console.log(`${name}: built`);
}

/** React's sample, with the package's own types, as strict as can be. */
function checkTypes(): void {
  const strict = ['--noEmit', '--strict', '--jsx', 'react-jsx', '--module', 'esnext', '--target', 'es2022'];
  const tsc = `${folder}/node_modules/typescript/bin/tsc`;
  run(process.execPath, [tsc, ...strict, '--moduleResolution', 'bundler', 'react/react.tsx']);
  console.log('react: types hold');
}

/** Without a browser: importing has no side effect and throws nothing. */
function checkNode(): void {
  const code = `const own = await import('tuppence'); await import('tuppence/core'); await import('tuppence/define');
    console.log(typeof own.gatedPageJsonLd)`;
  assert.equal(run(process.execPath, ['--input-type=module', '-e', code]).trim(), 'function');
  console.log('node: imports');
}

async function buyFromEach(): Promise<void> {
  const world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { [SELLS]: '$0.02' }));
  app.get(SELLS, (c) => c.html('<h2>The paid text</h2>'));
  for (const { name } of TRIALS) {
    const served = serveStatic({
      root: `${folder}/${name}/dist`,
      rewriteRequestPath: (path) => path.replace(`/${name}`, ''),
    });
    app.get(`/${name}/*`, served);
  }
  app.get('/:file{x402-paywall.*}', serveStatic({ root: `${folder}/plain/dist` }));
  const shop = await startShop(app);
  const browser = await launchWalletBrowser();
  try {
    for (const { name, entry } of TRIALS) {
      const said = await buy(world, browser, `${shop.origin}/${name}/`);
      if (entry !== undefined)
        assert.match(said.join('\n'), /^paid 0x[0-9a-f]{64}$/m, `${name}: no event came`);
      console.log(`${name}: bought, once`);
    }
  } finally {
    await browser.close();
    await shop.stop();
    await world.stop();
  }
}

/** @returns what the page wrote to its console. */
async function buy(world: World, browser: Browser, address: string): Promise<readonly string[]> {
  const page = await (await browser.newContext()).newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  const wallet = await installWallet(page, world);
  await world.mint(wallet.address, 1_000_000n);
  await page.goto(address);
  await page.getByText('The first paragraph is free …').waitFor();
  await page.getByRole('button', { name: 'Read on for 2¢' }).click();
  await page.getByRole('heading', { name: 'The paid text' }).waitFor();
  assert.equal(await world.balanceOf(wallet.address), 1_000_000n - PRICE);
  await page.context().close();
  return said;
}
