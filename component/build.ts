import { fileURLToPath } from 'node:url';
import { buildCdnFiles, writeManifest } from './build/cdn.ts';
import { analyzeElement } from './build/editor-data.ts';

/** Bytes, gzipped: what publishers were promised for the file that every page loads. */
const MAX_GZIP = 14 * 1024;
const outDir = fileURLToPath(new URL('dist/cdn', import.meta.url));

process.env['NODE_ENV'] = 'production';

try {
  const files = await buildCdnFiles(outDir);
  await writeManifest(outDir, files);
  await analyzeElement();
  for (const { file, bytes, gzip } of files) console.log(`${file}: ${bytes} bytes, ${gzip} gzipped`);
  const [entry] = files;
  if (entry !== undefined && entry.gzip > MAX_GZIP)
    throw new Error(`${entry.file} is ${entry.gzip} bytes gzipped; ${MAX_GZIP} is the most it may be.`);
} catch (error) {
  console.error(`The web component could not be built. ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
