import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const built = (file: string) => new URL(`../../.output/chrome-mv3/${file}`, import.meta.url);
const manifest = JSON.parse(readFileSync(built('manifest.json'), 'utf8'));

test('the built manifest asks for the permissions that docs/PERMISSIONS.md gives reasons for, and no others', () => {
  expect(manifest.permissions.toSorted()).toEqual([
    'activeTab',
    'alarms',
    'declarativeNetRequestWithHostAccess',
    'scripting',
    'storage',
    'webNavigation',
    'webRequest',
  ]);
  expect(manifest.host_permissions).toEqual(['<all_urls>']);
  expect(manifest.web_accessible_resources).toBeUndefined();
  const reasons = readFileSync(new URL('../../docs/PERMISSIONS.md', import.meta.url), 'utf8');
  for (const permission of manifest.permissions) expect(reasons).toContain(`| \`${permission}\` |`);
});

const gzipped = (file: string) => gzipSync(readFileSync(built(file)), { level: 9 }).length;

test('what runs in every page stays small: page script within 2 KB, bridge within 3 KB, gzipped', () => {
  expect(gzipped('page.js')).toBeLessThanOrEqual(2_048);
  expect(gzipped('content-scripts/bridge.js')).toBeLessThanOrEqual(3_072);
});

test('the background stays within 60 KB gzipped', () => {
  expect(gzipped('background.js')).toBeLessThanOrEqual(61_440);
});
