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

const AUTHORIZATION_USED = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5';

/** Lets the chain's time pass every validity, has the extension ask it, and compares. @param budget in articles. */
export async function audit(lab: Lab, budget: number): Promise<Audit> {
  await lab.facilitator.late();
  await rpc(lab, 'evm_increaseTime', [900]);
  await rpc(lab, 'evm_mine', []);
  await lab.browser.ask('check', {});
  const { undecided } = await lab.browser.ask('check', {});
  const used = await usedAuthorizations(lab);
  const rows = await rowsOf(lab);
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

/** Every authorization of the payer that took its money: nonce to transaction. */
async function usedAuthorizations(lab: Lab): Promise<Map<string, string>> {
  const authorizer = `0x${lab.payer.slice(2).toLowerCase().padStart(64, '0')}`;
  const filter = { address: lab.world.usdc, topics: [AUTHORIZATION_USED, authorizer], fromBlock: '0x0' };
  const logs = (await rpc(lab, 'eth_getLogs', [filter])) as {
    topics: [string, string, string];
    transactionHash: string;
  }[];
  return new Map(
    logs.map(({ topics, transactionHash }) => [topics[2].toLowerCase(), transactionHash.toLowerCase()]),
  );
}

/** The ledger as it stands on disk, read past the extension's own code. */
async function rowsOf(lab: Lab): Promise<readonly Row[]> {
  return ownPageOf(lab).evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await done(indexedDB.open('tuppence'));
    const rows = await done(db.transaction('intents').objectStore('intents').getAll());
    db.close();
    return rows as Row[];
  });
}

async function rpc({ world }: Lab, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(world.rpcUrl, { method: 'POST', headers, body });
  return ((await answer.json()) as { result: unknown }).result;
}
