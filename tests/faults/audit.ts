import { paymentsOnDisk, rpc, usedAuthorizations } from '../support/on-chain.ts';
import { type Lab, ownPageOf } from './lab.ts';
import { PRICE } from './server.ts';

/** What the chain says of a run, against what the extension's ledger says. The first three must be zero. */
export type Audit = {
  /** Articles whose money was taken more than once. */
  readonly doubleCharges: number;
  /** Charges that the ledger does not know as settled in just that transaction. */
  readonly lostReceipts: number;
  /** Millionths of a dollar taken beyond the budget. */
  readonly overshoot: bigint;
  /** Payments that the ledger holds for settled and the chain does not know. */
  readonly phantoms: number;
  /** Payments of which nobody knows how they ended, with the chain's time past their validity. */
  readonly undecided: number;
  readonly charges: number;
  /** Urls that were charged more than once, for whoever looks for the reason. */
  readonly doubled: readonly string[];
  /** What the ledger says of those whose receipt is missing or wrong. */
  readonly lost: readonly string[];
};

type Row = {
  readonly state: string;
  readonly transaction: string | null;
  readonly purchase: { readonly url: string };
  readonly payment: { readonly nonce: string } | null;
};

/** Lets the chain's time pass every validity, has the extension ask it, and compares. @param budget in articles. */
export async function audit(lab: Lab, budget: number): Promise<Audit> {
  await lab.facilitator.late();
  await rpc(lab.world, 'evm_increaseTime', [1_800]);
  await rpc(lab.world, 'evm_mine', []);
  await lab.browser.ask('check', {});
  const { undecided } = await lab.browser.ask('check', {});
  const used = await usedAuthorizations(lab.world, lab.payer);
  const rows = await paymentsOnDisk<Row>(ownPageOf(lab));
  const byNonce = new Map(rows.map((row) => [row.payment?.nonce.toLowerCase(), row]));
  const urls = [...used.keys()].map((nonce) => byNonce.get(nonce)?.purchase.url ?? `unknown ${nonce}`);
  const doubled = urls.filter((url, at) => urls.indexOf(url) !== at);
  const isKept = ([nonce, hash]: [string, string]) => {
    const row = byNonce.get(nonce);
    return row?.state === 'settled' && row.transaction?.toLowerCase() === hash;
  };
  const taken = BigInt(used.size) * PRICE;
  const transfers = await lab.world.transfers({ from: lab.payer });
  if (transfers.length !== used.size) throw new Error('Money moved without an authorization.');
  return {
    doubleCharges: doubled.length,
    lostReceipts: [...used].filter((one) => !isKept(one)).length,
    overshoot: taken > BigInt(budget) * PRICE ? taken - BigInt(budget) * PRICE : 0n,
    phantoms: rows.filter(({ state, payment }) => state === 'settled' && !used.has(payment?.nonce ?? ''))
      .length,
    undecided,
    charges: used.size,
    doubled,
    lost: [...used]
      .filter((one) => !isKept(one))
      .map(([nonce, hash]) => `${hash} ${JSON.stringify(byNonce.get(nonce) ?? nonce)}`),
  };
}
