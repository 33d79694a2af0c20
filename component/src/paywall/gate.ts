import { X402ErrorEvent, X402PaidEvent, X402PayEvent, X402QuoteEvent } from '../events.ts';
import { findWallet } from '../wallet/discover.ts';
import { findPayer } from '../wallet/extension.ts';
import { deliveryOf, onDelivery } from './checkout.ts';
import type { Content } from './content.ts';
import { buyThroughExtension } from './extension-purchase.ts';
import { type Look, look } from './look.ts';
import * as screen from './model.ts';
import type { Delivery, Result } from './result.ts';
import { buyWithWallet } from './wallet-purchase.ts';
import { words } from './words.ts';

/** The element, as its logic sees it. */
export type GateHost = {
  show(model: screen.Model): void;
  /** Puts the content in place; null takes it away. */
  draw(content: Content | null): void;
  /** @returns false when a listener prevented the default. */
  emit(event: Event): boolean;
};

export type Gate = {
  /** Starts over with another address, or with none that can be used. Looks, and pays nothing. */
  open(url: string | null): Promise<void>;
  /** The button was pressed, whatever it said. */
  press(): Promise<void>;
  /** Takes part in what the page buys. @returns a function that ends it. */
  join(): () => void;
};

type Payable = Extract<Look, { kind: 'offer' | 'hidden' }>;

/** What `<x402-paywall>` does, without its looks. Browser only. */
export function createGate(host: GateHost): Gate {
  let url: string | null = null;
  let found: Look | null = null;
  let model = screen.checking;
  let isReported = false;

  const show = (next: screen.Model): void => {
    model = next;
    host.show(next);
    if (next.failure !== null) host.emit(new X402ErrorEvent(next.failure, next.status));
  };

  const unlock = (delivery: Delivery): void => {
    host.draw(delivery.content);
    show(screen.unlocked(model, delivery));
  };

  const take = (seen: Look, next: screen.Model): void => {
    found = seen;
    if (seen.kind === 'open') host.draw(seen.content);
    show(next);
    if (seen.kind === 'offer') host.emit(new X402QuoteEvent(seen.quote));
  };

  const reportPaid = (transaction: string | null): void => {
    if (!isReported) host.emit(new X402PaidEvent(transaction, model.quote));
    isReported = true;
  };

  const check = async (): Promise<void> => {
    const asked = url;
    if (asked === null) return show(screen.unusable(words.noSource));
    const ready = deliveryOf(asked);
    if (ready !== null) return unlock(ready);
    show(screen.checking);
    const payer = findPayer();
    const ask = payer?.provider.quote ?? ((address: string, init: RequestInit) => fetch(address, init));
    const seen = await look(asked, location.origin, ask);
    if (url === asked) take(seen, screen.afterLook(seen, payer !== null));
  };

  const finish = (result: Result): void => {
    const next = screen.afterPress(model, result, findPayer() !== null);
    if (result.kind === 'delivered') host.draw(result.content);
    if (result.kind === 'looked') take(result.look, next);
    else show(next);
    if (result.kind === 'undelivered' || (result.kind === 'delivered' && result.paid && !result.shared))
      reportPaid(result.transaction);
  };

  const pay = async (target: Payable): Promise<void> => {
    const asked = url;
    const [payer, wallet] = [findPayer(), findWallet()];
    const name = (payer ?? wallet)?.info.name;
    if (name === undefined) return show(screen.withoutPayer(model));
    const quote = target.kind === 'offer' ? target.quote : null;
    if (!host.emit(new X402PayEvent(quote, payer === null ? 'wallet' : 'extension')))
      return show({ ...screen.locked(model), status: words.stopped });
    show(screen.confirming(model, name));
    const onSend = (): void => {
      if (url === asked) show(screen.paying(model));
    };
    // Anything unforeseen is taken for the worst case: something may have been sent.
    const unforeseen = (): Result => ({ kind: 'unknown', sentence: words.unknown(null) });
    const result = await buy(target, payer, wallet, onSend).catch(unforeseen);
    if (url === asked) finish(result);
  };

  return {
    open(next) {
      url = next;
      found = null;
      isReported = false;
      host.draw(null);
      return check();
    },
    async press() {
      if (model.state !== 'locked' && model.state !== 'error') return;
      await (found?.kind === 'offer' || found?.kind === 'hidden' ? pay(found) : check());
    },
    join: () =>
      onDelivery((paidUrl, delivery) => {
        const isMine = paidUrl === url || (found?.kind === 'offer' && paidUrl === found.url);
        // Who is busy paying hears of it by its own result.
        if (isMine && (model.state === 'locked' || model.state === 'error')) unlock(delivery);
      }),
  };
}

async function buy(
  target: Payable,
  payer: ReturnType<typeof findPayer>,
  wallet: ReturnType<typeof findWallet>,
  onSend: () => void,
): Promise<Result> {
  if (payer !== null) return buyThroughExtension(target.url, payer);
  if (target.kind === 'offer' && wallet !== null) return buyWithWallet(target, wallet.provider, onSend);
  return { kind: 'declined', sentence: words.noPayer };
}
