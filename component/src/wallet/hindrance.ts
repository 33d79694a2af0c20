/** Why the reader's extension has not paid after a press. All but the last can be mended there. */
export type Hindrance = (typeof HINDRANCES)[number];

const HINDRANCES = ['no-wallet', 'paused', 'short-of-money', 'site-blocked', 'refused'] as const;

/** Names of the events that an extension and a page tell each other of hindrances by; their details are text. */
const EVENTS = { told: 'x402:unpaid', step: 'x402:step', ready: 'x402:ready' } as const;

/**
 * Does `work` and keeps what the extension says of `url` meanwhile, as `hindrance url`. An extension that says nothing
 * is one that does not know of this.
 */
export async function hearWhy<T>(url: string, work: () => Promise<T>): Promise<[T, Hindrance | null]> {
  let why: Hindrance | null = null;
  const hear = (event: Event & { readonly detail?: unknown }): void => {
    const [code, of] = `${event.detail}`.split(' ');
    if (of === url) why = HINDRANCES.find((one) => one === code) ?? null;
  };
  globalThis.addEventListener?.(EVENTS.told, hear);
  try {
    return [await work(), why];
  } finally {
    globalThis.removeEventListener?.(EVENTS.told, hear);
  }
}

/**
 * Has the extension open what mends it; it does so after a press of the reader alone.
 *
 * @param onReady called once, when the reader is back from there.
 */
export function mend(hindrance: Hindrance, onReady: () => void): void {
  addEventListener(EVENTS.ready, onReady, { once: true });
  dispatchEvent(new CustomEvent(EVENTS.step, { detail: hindrance }));
}
