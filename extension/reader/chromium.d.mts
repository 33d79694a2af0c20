/** Where a Chromium that loads unpacked extensions is, or null. */
export function findChromium(): Promise<string | null>;
