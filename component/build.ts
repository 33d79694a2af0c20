import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'vite';

/** Bytes, gzipped. The aim is 14 KiB; this is what keeps the file from growing unnoticed meanwhile. */
const MAX_GZIP = 23 * 1024;
const root = fileURLToPath(new URL('.', import.meta.url));
const file = 'x402-paywall.js';

// A test runner's NODE_ENV would bring in Lit's development build.
process.env['NODE_ENV'] = 'production';

/** Template literals are not minified: the indentation of the element's styles and markup goes here. */
const squeeze: Plugin = {
  name: 'squeeze-templates',
  transform: (code, id) => (/\.(styles|view)\.ts$/.test(id) ? code.replace(/^\s+/gm, '') : null),
};

/** One self-contained file for a `<script type="module">`: it holds Lit and registers the tag. */
async function buildCdnFile(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [squeeze],
    build: {
      lib: { entry: 'src/define.ts', formats: ['es'], fileName: () => file },
      outDir: 'dist/cdn',
      target: 'es2022',
      minify: true,
      rolldownOptions: { output: { codeSplitting: false, minify: true } },
    },
  });
}

/** @throws Error when the file is larger than publishers were promised. */
async function checkSize(): Promise<string> {
  const code = await readFile(`${root}dist/cdn/${file}`);
  const gzip = gzipSync(code, { level: 9 }).byteLength;
  if (gzip > MAX_GZIP)
    throw new Error(`${file} is ${gzip} bytes gzipped; ${MAX_GZIP} is the most it may be.`);
  return `${file}: ${code.byteLength} bytes, ${gzip} gzipped`;
}

try {
  await buildCdnFile();
  console.log(await checkSize());
} catch (error) {
  console.error(`The web component could not be built. ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
