import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runTool } from './run-tool.ts';

type Named = { readonly name: string; readonly description?: string };
export type Declaration = Named & {
  readonly tagName?: string;
  readonly attributes?: readonly (Named & {
    readonly fieldName?: string;
    readonly type?: { readonly text: string };
  })[];
  readonly members?: readonly (Named & {
    readonly kind: string;
    readonly privacy?: string;
    readonly static?: boolean;
    readonly attribute?: string;
    readonly type?: { readonly text: string };
    readonly return?: { readonly type: { readonly text: string } };
  })[];
  readonly events?: readonly (Named & { readonly type?: { readonly text: string } })[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly (Named & { readonly default?: string })[];
};
type Manifest = { readonly modules: readonly { readonly declarations: readonly Declaration[] }[] };

/** The element as the analyzer found it in its class. */
export async function readElement(folder: string): Promise<Declaration> {
  const manifest = JSON.parse(await readFile(`${folder}/custom-elements.json`, 'utf8')) as Manifest; // The analyzer's.
  const found = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName !== undefined);
  if (found === undefined) throw new TypeError('The analyzer found no element.');
  return found;
}

/** Writes `dist/custom-elements.json`: the element as its class describes it, and nothing of the core. */
export async function analyzeElement(): Promise<void> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const globs = ['--globs', 'src/paywall/x402-paywall.ts', '--globs', 'src/define.ts'];
  const args = ['analyze', '--litelement', '--quiet', '--outdir', 'dist', ...globs];
  runTool('@custom-elements-manifest/analyzer', 'cem', args, cwd);
  await tidyManifest(`${cwd}dist`);
}

/** Takes out what the analyzer finds beside the public interface: reactive state is not an attribute. */
async function tidyManifest(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(`${folder}/custom-elements.json`, 'utf8')) as Manifest;
  const isPublic = ({ description }: Named): boolean => description !== undefined && description !== '';
  const modules = manifest.modules.map((module) => ({
    ...module,
    declarations: module.declarations.map((one) =>
      one.tagName === undefined
        ? one
        : {
            ...one,
            attributes: one.attributes?.filter(isPublic) ?? [],
            events: one.events?.filter(isPublic) ?? [],
            members: one.members?.filter((member) => isPublic(member) && member.privacy !== 'private') ?? [],
          },
    ),
  }));
  await write(`${folder}/custom-elements.json`, { ...manifest, modules });
}

/** What editors show while a page is written: VS Code's and JetBrains' forms of the same. */
export async function writeEditorData(folder: string, version: string): Promise<void> {
  const element = await readElement(folder);
  const {
    tagName = '',
    attributes = [],
    events = [],
    slots = [],
    cssParts = [],
    cssProperties = [],
  } = element;
  const plain = ({ name, description = '' }: Named) => ({ name, description });
  const description = element.description ?? '';
  await write(`${folder}/html-custom-data.json`, {
    version: 1.1,
    tags: [{ name: tagName, description, attributes: attributes.map(plain) }],
  });
  await write(`${folder}/css-custom-data.json`, { version: 1.1, properties: cssProperties.map(plain) });
  const contribution = {
    name: tagName,
    description,
    attributes: attributes.map((one) => ({ ...plain(one), value: { type: one.type?.text ?? 'string' } })),
    slots: slots.map(plain),
    css: { parts: cssParts.map(plain), properties: cssProperties.map(plain) },
    js: { events: events.map(plain) },
  };
  await write(`${folder}/web-types.json`, {
    $schema: 'https://json.schemastore.org/web-types',
    name: 'tuppence',
    version,
    'description-markup': 'markdown',
    contributions: { html: { elements: [contribution] } },
  });
}

function write(path: string, data: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(data, null, 2)}\n`);
}
