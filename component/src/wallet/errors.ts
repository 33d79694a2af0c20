import { TuppenceError } from '../core/index.ts';

const REQUEST_PENDING = -32002;

/** The reader said no in the wallet. Nothing was signed. */
export class DeclinedError extends TuppenceError {
  override readonly name = 'Wallet.DeclinedError';
  constructor(options?: ErrorOptions) {
    super('It was declined in the wallet.', options);
  }
}

/** The wallet is connected to no account. */
export class NoAccountError extends TuppenceError {
  override readonly name = 'Wallet.NoAccountError';
  constructor() {
    super('The wallet has no account.');
  }
}

/** The wallet stays on another network than the one that is paid on. */
export class WrongChainError extends TuppenceError {
  override readonly name = 'Wallet.WrongChainError';
  /** Name of the network that is paid on. */
  readonly network: string;
  /** Whether the wallet has that network at all. */
  readonly hasIt: boolean;
  constructor(network: string, hasIt: boolean, options?: ErrorOptions) {
    super(`The wallet is not on ${network}.`, options);
    this.network = network;
    this.hasIt = hasIt;
  }
}

/** The wallet failed. Nothing was signed. */
export class WalletFailedError extends TuppenceError {
  override readonly name = 'Wallet.WalletFailedError';
  /** Whether it waits for the reader to answer another question. */
  readonly isBusy: boolean;
  constructor(cause: unknown) {
    super(`The wallet could not sign. ${wordsOf(cause)}`.trim(), { cause });
    this.isBusy = errorCode(cause) === REQUEST_PENDING;
  }
}

/** The `code` of what a wallet threw (EIP-1193), also where mobile wallets wrap it, or null. */
export function errorCode(thrown: unknown): number | null {
  const inner = field(field(field(thrown, 'data'), 'originalError'), 'code');
  return [inner, field(thrown, 'code')].find((candidate) => typeof candidate === 'number') ?? null;
}

function wordsOf(thrown: unknown): string {
  const message = field(thrown, 'message');
  return typeof message === 'string' ? message.slice(0, 200) : '';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
