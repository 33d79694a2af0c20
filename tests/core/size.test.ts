import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

const MAX_GZIP = 5 * 1024;
const entry = fileURLToPath(new URL('../support/page-bundle.ts', import.meta.url));
let code = '';

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { output: { minify: true } },
    },
  });
  const [output] = built as Rolldown.RolldownOutput[]; // Holds: one format, and nothing is watched.
  code = output?.output[0].code ?? '';
});

describe('the core in a page', () => {
  it('is at most 5 KB gzipped, with all that paying takes', () => {
    expect(code).toContain('PAYMENT-SIGNATURE');
    expect(gzipSync(code, { level: 9 }).byteLength).toBeLessThanOrEqual(MAX_GZIP);
  });

  it('carries nothing that hashes, no other module, and no network that few pay on', () => {
    expect(code).toContain('0x036CbD53842c5426634e7929541eC2318f3dCF7e');
    expect(code).not.toMatch(/keccak|secp256k1|MegaETH|sepolia\.base\.org|sign-in-with-x|^import/m);
  });
});
