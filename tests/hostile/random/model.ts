/** A payment as the ledger has it on disk, read past the extension's own code. */
export type Row = {
  readonly id: string;
  readonly state: string;
  readonly createdAt: number;
  readonly verdict: { readonly reason: string };
  readonly purchase: { readonly site: string; readonly url: string };
  readonly terms: { readonly microUsd: string; readonly payTo: string };
  /** Null until it is signed. */
  readonly payment: { readonly nonce: string } | null;
};

/** What the reader has allowed, and by that all that may be signed. */
export type Model = {
  /** This address may be paid once more, by the site's rule or by the reader's yes. */
  allow(url: string, site: string): void;
  /** While it is paused, nothing new is written down. */
  pause(paused: boolean): void;
  /**
   * Compares the ledger with what was allowed.
   *
   * @returns a sentence for each payment that nobody has allowed.
   */
  violations(rows: readonly Row[]): readonly string[];
};

/** @param sequenceBudget most that the rules may spend in one sequence, in millionths of a dollar */
export function createModel(): Model & { begin(sequenceBudget: bigint): void } {
  const allowed = new Map<string, { site: string; times: number }>();
  const known = new Set<string>();
  let budget = 0n;
  let byRules = 0n;
  let isPaused = false;
  const faultOf = (row: Row): string | null => {
    const { url, site } = row.purchase;
    const allowance = allowed.get(url);
    if (allowance === undefined || allowance.times === 0) return `nobody allowed ${url} (for ${site})`;
    if (allowance.site !== site) return `${url} was charged to ${site}`;
    if (isPaused && !known.has(row.id)) return `${url} was signed while payments were paused`;
    return null;
  };
  return {
    begin(sequenceBudget) {
      budget = sequenceBudget;
      byRules = 0n;
    },
    allow(url, site) {
      const times = (allowed.get(url)?.times ?? 0) + 1;
      allowed.set(url, { site, times });
    },
    pause(paused) {
      isPaused = paused;
    },
    violations(rows) {
      const fresh = rows.filter((row) => row.payment !== null && !known.has(row.id));
      const faults = fresh.flatMap((row) => faultOf(row) ?? []);
      for (const { id, purchase, verdict, terms } of fresh) {
        known.add(id);
        const allowance = allowed.get(purchase.url);
        if (allowance !== undefined) allowance.times -= 1;
        if (verdict.reason === 'under-threshold') byRules += BigInt(terms.microUsd);
      }
      if (byRules > budget) faults.push(`the rules have spent ${byRules} of ${budget}`);
      return faults;
    },
  };
}
