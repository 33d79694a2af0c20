import type { TextStore } from '../../../component/src/paywall/stored-ledger.ts';

/** A store that keeps texts, as `localStorage` does in a browser; `text` is the last that was kept. */
export function pageStore(): TextStore & { text: string | null } {
  const store = {
    text: null as string | null,
    getItem: () => store.text,
    setItem: (_key: string, text: string) => {
      store.text = text;
    },
  };
  return store;
}
