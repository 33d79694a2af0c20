/** Something that a page can observe of `fetch` or XHR: its name, and how it is looked at. */
export type Check = readonly [name: string, look: () => unknown];

/** The other origin of the suite's server, as the page is told by its address. */
export const other = (path: string): string =>
  `${new URLSearchParams(location.search).get('other') ?? ''}${path}`;

/**
 * Ends once the page has had the whole of two requests more, one of them a 402: whatever was on its way to the page
 * before them has come by then, however loaded the machine is.
 */
export async function atRest(): Promise<void> {
  for (const url of ['/text', '/plain-402']) await (await fetch(url)).text();
  await new Promise((resolve) => setTimeout(resolve));
}

/** What went wrong, in all that a page sees of it; or what came instead. */
export async function failure(work: () => unknown): Promise<unknown> {
  try {
    return { passed: String(await work()) };
  } catch (error) {
    if (!(error instanceof Error || error instanceof DOMException)) return { thrown: String(error) };
    const { name, message } = error;
    return { name, message, isDomException: error instanceof DOMException, own: error.constructor.name };
  }
}

/** Everything about a property that is not its value; of a function, what tells a native one from a page's. */
export function shapeOf(holder: object, key: PropertyKey): unknown {
  const found = Object.getOwnPropertyDescriptor(holder, key);
  if (found === undefined) return null;
  const { enumerable, configurable, writable, value, get, set } = found;
  return {
    enumerable,
    configurable,
    writable,
    ...kindOf(value),
    get: functionShape(get),
    set: functionShape(set),
  };
}

export function functionShape(value: unknown): unknown {
  if (typeof value !== 'function') return null;
  const { name, length } = value;
  const keys = Reflect.ownKeys(value).map(String);
  // A wrapped function has no name in its text, as one that was bound has none.
  const isNative = /^function [\w ]*\(\) \{ \[native code\] \}$/.test(
    Function.prototype.toString.call(value),
  );
  const parent = Object.getPrototypeOf(value);
  return { name, length, keys, isNative, parent: parent === Function.prototype ? 'Function' : parent?.name };
}

function kindOf(value: unknown): object {
  return typeof value === 'function' ? { function: functionShape(value) } : { type: typeof value };
}
