import { type Declaration, readElement } from '../../../component/build/editor-data.ts';
import { html, type Markup } from '../html.ts';
import { inlineMarkup } from './start-page.ts';

type Row = readonly string[];

/** What the element's class says of itself: attributes, methods, events, slots, parts, custom properties. */
export async function referenceTables(): Promise<Markup> {
  const element = await readElement(new URL('../../../component/dist', import.meta.url).pathname);
  const { members = [], slots = [], cssParts = [], cssProperties = [], events = [] } = element;
  const methods = members.filter(({ kind }) => kind === 'method');
  const states = slots.map(({ name }) => name).filter((name) => name !== '' && name !== 'content');
  return html`<p>${inlineMarkup(element.description ?? '')}</p>
${table('Attributes and properties', ['attribute', 'property', 'type', 'what'], properties(element))}
${table(
  'Methods',
  ['method', 'gives', 'what'],
  methods.map((one) => [`${one.name}()`, one.return?.type.text ?? '', one.description ?? '']),
)}
${table(
  'Events',
  ['event', 'class', 'when'],
  events.map((one) => [one.name, one.type?.text ?? '', one.description ?? '']),
)}
${table(
  'Slots',
  ['slot', 'what'],
  slots.map((one) => [one.name === '' ? '(none)' : one.name, one.description ?? '']),
)}
${table('Parts', ['part', 'what'], cssParts.map(plain))}
${table(
  'Custom properties',
  ['property', 'unless set', 'what'],
  cssProperties.map((one) => [one.name, one.default ?? '', one.description ?? '']),
)}
<h2>States</h2><p>As the attribute <code>state</code>, as <code>:state(…)</code>, as a second name of the card’s part, and
as a slot’s name: ${states.map((name) => html`<code>${name}</code> `)}</p>`;
}

/** Fields, with the attribute of those that have one. */
function properties({ members = [] }: Declaration): readonly Row[] {
  return members
    .filter(({ kind }) => kind === 'field')
    .toSorted((one, other) => Number(one.static ?? false) - Number(other.static ?? false))
    .map((one) => [
      one.attribute ?? (one.name === 'state' ? 'state' : '–'),
      one.static ? `X402PaywallElement.${one.name}` : one.name,
      one.type?.text ?? '',
      one.description ?? '',
    ]);
}

function plain({ name, description = '' }: { name: string; description?: string }): Row {
  return [name, description];
}

/** All but the last column are code. */
function table(title: string, heads: Row, rows: readonly Row[]): Markup {
  const cells = (row: Row) =>
    row.map((cell, at) =>
      at === row.length - 1 ? html`<td>${inlineMarkup(cell)}</td>` : html`<td><code>${cell}</code></td>`,
    );
  return html`<h2>${title}</h2><div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table></div>`;
}
