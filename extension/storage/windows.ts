/** The reader's own calendar day as `2026-11-21`, because that is the day a person means by "a day". */
export function dayOf(now: number): string {
  const at = new Date(now);
  const two = (part: number) => part.toString().padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/**
 * The counters that a payment on `site` counts in: its day, its month, and its site on that day.
 *
 * @param day `2026-11-21`.
 */
export function windowKeys(site: string, day: string): readonly [string, string, string] {
  return [`day:${day}`, `month:${day.slice(0, 7)}`, `site:${day} ${site}`];
}
