import { TuppenceError } from '../core/index.ts';

const REQUEST_PENDING = -32002;

/** The reader said no in the wallet. Nothing was signed. */
export class DeclinedError extends TuppenceError {
  override readonly name = 'Wallet.DeclinedError';
  constructor(options?: ErrorOptions) {
    super('Not paid: it was declined in the wallet.', options);
  }
}

/** The wallet is connected to no account. */
export class NoAccountError extends TuppenceError {
  override readonly name = 'Wallet.NoAccountError';
  constructor() {
    super('Your wallet has no account to pay from. Make one there, then press again.');
  }
}

/** The wallet stays on another network than the one that is paid on. */
export class WrongChainError extends TuppenceError {
  override readonly name = 'Wallet.WrongChainError';
  /** Name of the network that is paid on. */
  readonly network: string;
  constructor(network: string, isKnown: boolean, options?: ErrorOptions) {
    const what = isKnown ? 'is on another network' : 'does not have this network yet';
    const todo = isKnown ? 'Switch to it' : 'Add it';
    super(
      `Not paid: this is paid on ${network}, and your wallet ${what}. ${todo} there, then press again.`,
      options,
    );
    this.network = network;
  }
}

/** The wallet failed, in its own words. Nothing was signed. */
export class WalletFailedError extends TuppenceError {
  override readonly name = 'Wallet.WalletFailedError';
  constructor(cause: unknown) {
    super(
      errorCode(cause) === REQUEST_PENDING
        ? 'Your wallet already has a question open. Answer it there, then press again.'
        : `Not paid: the wallet could not sign. ${wordsOf(cause)}`.trim(),
      { cause },
    );
  }
}

/** The `code` of what a wallet threw (EIP-1193), also where mobile wallets wrap it, or null. */
export function errorCode(thrown: unknown): number | null {
  const { code, data } = fields(thrown);
  const inner = fields(fields(data)['originalError'])['code'];
  return [inner, code].find((candidate) => typeof candidate === 'number') ?? null;
}

function wordsOf(thrown: unknown): string {
  const { message } = fields(thrown);
  return typeof message === 'string' ? message.slice(0, 200) : '';
}

function fields(value: unknown): {
  readonly code?: unknown;
  readonly data?: unknown;
  readonly [key: string]: unknown;
} {
  return typeof value === 'object' && value !== null
    ? { ...value, message: Reflect.get(value, 'message') }
    : {};
}
