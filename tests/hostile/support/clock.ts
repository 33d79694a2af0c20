import type { Reader } from '../../support/reader.ts';

/** The background as it runs now. */
export async function backgroundOf({ context }: Pick<Reader, 'context'>) {
  return context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
}

/** Sets the clock that the background sees ahead of this machine's by so many milliseconds. */
export async function setClock(reader: Pick<Reader, 'context'>, ahead: number): Promise<void> {
  await (await backgroundOf(reader)).evaluate((ahead) => {
    const scope = globalThis as typeof globalThis & { rightNow?: () => number };
    scope.rightNow ??= Date.now.bind(Date);
    const { rightNow } = scope;
    Date.now = () => rightNow() + ahead;
  }, ahead);
}
