import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildCdnFiles, writeManifest } from './cdn.ts';
import { analyzeElement, writeEditorData } from './editor-data.ts';
import { runTool } from './run-tool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}dist/package`;

/** What a page may need later, with the libraries in it: whoever installs the package gets Lit and nothing else. */
const BUNDLED = ['paywall/purify', 'paywall/markdown', 'wallet/coinbase'];

/** The npm package, ready to be packed, in `dist/package`. */
export async function buildPackage(): Promise<string> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  runTool('typescript', 'tsc', ['-p', 'tsconfig.package.json'], root);
  for (const name of BUNDLED) await bundle(name);
  await analyzeElement();
  await cp(`${root}dist/custom-elements.json`, `${out}/custom-elements.json`);
  const own = await manifest();
  await writeEditorData(out, own.version);
  await writeManifest(`${out}/dist/cdn`, await buildCdnFiles(`${out}/dist/cdn`));
  await cp(`${root}src`, `${out}/src`, { recursive: true });
  for (const file of ['README.md', 'THIRD-PARTY.md']) await cp(`${root}${file}`, `${out}/${file}`);
  await cp(`${root}../LICENSE`, `${out}/LICENSE`);
  await writeFile(`${out}/package.json`, `${JSON.stringify(own, null, 2)}\n`);
  return out;
}

async function bundle(name: string): Promise<void> {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      lib: { entry: `src/${name}.ts`, formats: ['es'], fileName: () => `${name}.js` },
      outDir: `${out}/dist`,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      rolldownOptions: { output: { codeSplitting: false, minify: true } },
    },
  });
  await rm(`${out}/dist/${name}.js.map`, { force: true });
}

/** The workspace's own manifest points at the sources; the published one at what was built from them. */
async function manifest(): Promise<{ readonly version: string; readonly [field: string]: unknown }> {
  const own: unknown = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  if (typeof own !== 'object' || own === null) throw new TypeError('package.json is not an object.');
  const { name, version, description, license, dependencies } = own as Record<string, unknown>; // Our own file.
  const entry = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
  return {
    name,
    version: String(version),
    description,
    license,
    type: 'module',
    keywords: ['x402', 'http-402', 'paywall', 'web-component', 'custom-element', 'micropayments', 'usdc'],
    sideEffects: ['./dist/define.js', './dist/cdn/*.js'],
    customElements: './custom-elements.json',
    'web-types': './web-types.json',
    types: './dist/index.d.ts',
    exports: {
      '.': entry('index'),
      './define': entry('define'),
      './core': entry('core/index'),
      './core/offer-receipt': entry('core/offer-receipt'),
      './json-ld': entry('json-ld'),
      './react': entry('react'),
      './locales/*': { types: './dist/locales/*.d.ts', default: './dist/locales/*.js' },
      './custom-elements.json': './custom-elements.json',
      './html-custom-data.json': './html-custom-data.json',
      './css-custom-data.json': './css-custom-data.json',
      './web-types.json': './web-types.json',
      './package.json': './package.json',
    },
    jsdelivr: './dist/cdn/x402-paywall.js',
    unpkg: './dist/cdn/x402-paywall.js',
    files: ['dist', 'src', '*.json', 'THIRD-PARTY.md'],
    dependencies,
    // Each for one entry: `react` for ./react, `viem` for ./core/offer-receipt.
    peerDependencies: { '@lit/react': '^1.0.0', react: '>=18', viem: '^2.0.0' },
    peerDependenciesMeta: {
      '@lit/react': { optional: true },
      react: { optional: true },
      viem: { optional: true },
    },
  };
}
