import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';
import { build, type Plugin } from 'vite';
import { mute } from './mute.ts';
import { squeeze } from './squeeze.ts';

/** A file that is loaded when it is first needed, with all that it needs in it. */
type Chunk = { readonly name: string; readonly entry: string; readonly loads: readonly string[] };
export type BuiltFile = {
  readonly file: string;
  readonly bytes: number;
  readonly gzip: number;
  /** For an `integrity` attribute. */
  readonly integrity: string;
  readonly sha256: string;
};
const ENTRY = 'x402-paywall.js';
type Hashes = { readonly [name: string]: string };

/** Whose work is inside; the licences themselves are in THIRD-PARTY.md. */
const NOTICE = '/*! Tuppence, MIT. With Lit, BSD-3-Clause. */\n';
const root = fileURLToPath(new URL('..', import.meta.url));
const LANGUAGES = ['de', 'es', 'fr', 'ja', 'pt'];

/** Each after those that it loads: it carries their hashes. */
const CHUNKS: readonly Chunk[] = [
  ...LANGUAGES.map((name) => ({ name, entry: `src/locales/${name}.ts`, loads: [] })),
  { name: 'purify', entry: 'src/paywall/purify.ts', loads: [] },
  { name: 'markdown', entry: 'src/paywall/markdown.ts', loads: [] },
  { name: 'coinbase', entry: 'src/wallet/coinbase.ts', loads: [] },
  { name: 'diagnose', entry: 'src/paywall/diagnose.ts', loads: [] },
  { name: 'draw', entry: 'src/paywall/draw.ts', loads: ['purify', 'markdown', 'diagnose'] },
  { name: 'faces', entry: 'src/locales/faces.ts', loads: [] },
  { name: 'till', entry: 'src/paywall/till.ts', loads: [...LANGUAGES, 'draw', 'coinbase', 'diagnose'] },
  { name: '', entry: 'src/define.ts', loads: ['faces', 'till'] },
];

/** The files for a `<script type="module">`: one that holds Lit and registers the tag, and what it loads later. */
export async function buildCdnFiles(outDir: string): Promise<readonly BuiltFile[]> {
  await rm(outDir, { recursive: true, force: true });
  const built: BuiltFile[] = [];
  const hashes = new Map<string, string>();
  for (const { name, entry, loads } of CHUNKS) {
    const known = Object.fromEntries(loads.map((load) => [load, hashes.get(load) ?? '']));
    const file = await buildFile(entry, name === '' ? ENTRY : `x402-paywall-${name}.js`, outDir, known);
    built.push(file);
    hashes.set(name, file.sha256);
  }
  return built.toReversed();
}

async function buildFile(entry: string, file: string, outDir: string, hashes: Hashes): Promise<BuiltFile> {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    // Lit's development build would come in with a test runner's NODE_ENV.
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [squeeze(), checkedLoads(hashes), ...(file === ENTRY ? [mute()] : [])],
    build: {
      lib: { entry, formats: ['es'], fileName: () => file },
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { output: { codeSplitting: false, minify: true } },
    },
  });
  const code = await smaller(await readFile(`${outDir}/${file}`, 'utf8'));
  await writeFile(`${outDir}/${file}`, code);
  const hash = (algorithm: string): string => createHash(algorithm).update(code).digest('base64');
  const gzip = gzipSync(code, { level: 9 }).byteLength;
  return {
    file,
    bytes: Buffer.byteLength(code),
    gzip,
    integrity: `sha384-${hash('sha384')}`,
    sha256: hash('sha256'),
  };
}

/** A second minifier finds some hundred bytes more. */
async function smaller(code: string): Promise<string> {
  const compress = { passes: 3, ecma: 2020, unsafe_arrows: true } as const;
  const { code: less = code } = await minify(code, { module: true, ecma: 2020, compress });
  return `${NOTICE}${less}`;
}

/** Puts, in the place of `src/lazy.ts`, a module that loads the built files and knows the hashes of those so far. */
function checkedLoads(hashes: Hashes): Plugin {
  return {
    name: 'checked-loads',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('/src/lazy.ts')) return null;
      const source = await readFile(`${root}/build/lazy.cdn.ts`, 'utf8');
      const known = JSON.stringify(hashes);
      return source.replace('const HASHES: Hashes = {}', `const HASHES = ${known}`);
    },
  };
}

/** The tag to copy, and the sizes. */
export async function writeManifest(outDir: string, files: readonly BuiltFile[]): Promise<void> {
  await writeFile(`${outDir}/integrity.json`, `${JSON.stringify(files, null, 2)}\n`);
  const entry = files.find(({ file }) => file === ENTRY);
  if (entry !== undefined) await writeFile(`${outDir}/tag.html`, `${tagFor(entry.integrity)}\n`);
}

/** The script tag for a page whose server has these files in `/tuppence/`. Its hash covers the later files too. */
export function tagFor(integrity: string): string {
  return `<script type="module" src="/tuppence/${ENTRY}" integrity="${integrity}" crossorigin="anonymous"></script>`;
}
