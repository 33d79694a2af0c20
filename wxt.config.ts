import { fileURLToPath } from 'node:url';
import { defineConfig } from 'wxt';

const WRAPPER = '\0virtual:wxt-unlisted-script-entrypoint?';

/** The page script starts without WXT's wrapper, which logs crashes: it would be code in every page. */
const barePageScript = {
  name: 'bare-page-script',
  enforce: 'pre',
  load: (id: string) =>
    id.startsWith(WRAPPER)
      ? `import { main } from ${JSON.stringify(id.slice(WRAPPER.length))}; main();`
      : null,
} as const;

/**
 * viem loads some of its parts only when they are used. A background is one file, in which a part that is imported so
 * keeps everything that it imports itself, unused or not; what is imported like the rest is left out where it is unused.
 */
const noLateParts = {
  name: 'no-late-parts',
  transform(code: string, id: string): string | null {
    if (!id.includes('/viem/_esm/') || !code.includes('import(')) return null;
    const parts = [...code.matchAll(/import\(('[^']+')\)/g)].map(([, part = '']) => part);
    const imports = parts.map((part, index) => `import * as part${index} from ${part};`);
    let used = 0;
    const rest = code.replace(/import\('[^']+'\)/g, () => `Promise.resolve(part${used++})`);
    return [...imports, rest].join('\n');
  },
};

/**
 * The extension's manifest. Every permission has its reason in docs/PERMISSIONS.md.
 */
export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  outDir: '.output',
  imports: false, // Names come from where they are imported, so shared code type-checks without WXT.
  manifestVersion: 3,
  vite: () => ({
    plugins: [barePageScript, noLateParts],
    // The bridge runs in every frame of every page: it carries nothing that it does not use.
    resolve: {
      alias: {
        'wxt/utils/content-script-context': fileURLToPath(
          new URL('extension/bridge/no-context.ts', import.meta.url),
        ),
        '@noble/curves/secp256k1': fileURLToPath(new URL('extension/wallet/curve.ts', import.meta.url)),
      },
    },
  }),
  hooks: {
    'build:manifestGenerated': (_wxt, manifest) => {
      manifest.content_scripts?.push({
        js: ['page.js'],
        matches: ['*://*/*'],
        all_frames: true,
        match_origin_as_fallback: true,
        run_at: 'document_start',
        world: 'MAIN',
      });
    },
  },
  manifest: {
    name: 'Tuppence',
    description: 'Pays for web pages that answer HTTP 402, within the limits you set.',
    minimum_chrome_version: '120',
    permissions: [
      'storage',
      'alarms',
      'activeTab',
      'scripting',
      'webRequest',
      'webNavigation',
      'declarativeNetRequestWithHostAccess',
    ],
    host_permissions: ['<all_urls>'],
    incognito: 'split',
    action: { default_title: 'Tuppence' },
    content_security_policy: {
      extension_pages:
        "default-src 'self'; connect-src 'self' https: http:; img-src 'self' data:; object-src 'none'",
    },
    icons: { 16: 'icon/16.png', 32: 'icon/32.png', 48: 'icon/48.png', 128: 'icon/128.png' },
  },
});
