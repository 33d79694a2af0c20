import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MANIFESTS = ['package.json', 'component/package.json', 'demo-site/package.json'];
/** Programs that are not Node's, npm, which comes with the system's, and the shell of the trial of exactly that. */
const OTHERS = ['npm', 'tar', '/bin/sh', 'useradd', 'userdel'];

type Manifest = { readonly scripts?: Readonly<Record<string, string>> };
const scripts = await Promise.all(
  MANIFESTS.map(async (file) => {
    const manifest = JSON.parse(await readFile(ROOT + file, 'utf8')) as Manifest; // Our own file.
    return Object.entries(manifest.scripts ?? {}).map(([name, script]) => [file, name, script] as const);
  }),
);

/**
 * A shell keeps to the `node` that it has found first: after set-up that is still the system's, which may be too old
 * for TypeScript. So `node` starts set-up alone, and set-up starts the rest with the Node that package.json pins.
 */
test.each(scripts.flat())(
  '%s: the script “%s” starts nothing but set-up with the system’s Node',
  (...given) => {
    const [, , script] = given;
    const commands = script.split(/&&|\|\||[;|&]/).map((command) => command.trim());
    const byNode = commands.filter((command) => /^(\S+=\S+ +)*node(?![\w-])/.test(command));
    for (const command of byNode)
      expect(command).toMatch(/^node (\.\.\/)?extension\/reader\/setup\.mjs( |$)/);
    expect(byNode.length, 'a shell remembers the first').toBeLessThanOrEqual(1);
  },
);

test('every process is started with the running Node, whatever is first on the PATH', async () => {
  const listed = execFileSync('git', ['ls-files', '*.ts', '*.mjs'], { cwd: ROOT, encoding: 'utf8' });
  const files = listed.split('\n').filter((file) => file !== '' && !file.endsWith('/own-node.test.ts'));
  expect(files.length).toBeGreaterThan(300);
  const sources = await Promise.all(
    files.map(async (file) => [file, await readFile(ROOT + file, 'utf8')] as const),
  );
  const found = sources.flatMap(([file, text]) =>
    [...text.matchAll(/\b(?:spawn|exec|execFile|fork)(?:Sync)?\(\s*(['"`])(.*?)\1/g)].flatMap(
      ([call, , command = '']) => (OTHERS.includes(command) ? [] : [`${file}: ${call}`]),
    ),
  );
  expect(found).toEqual([]);
  const linked = sources
    .filter(([, text]) => /node_modules\/\.bin|['"`/]\.bin\//.test(text))
    .map(([file]) => file);
  expect(linked, 'files that name a tool as npm links it, whose first line asks the PATH for a Node').toEqual(
    [],
  );
});
