import {
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
} from '../../component/src/core/index.ts';

/** The account that the tests sign with: the first of anvil's well-known ones. */
export const PAYER = {
  address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
} as const;
export const PAYEE = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C';
export const USDC_BASE_SEPOLIA = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';

/** One cent of USDC on Base Sepolia, as a v2 server asks for it. */
export const ENTRY_V2 = {
  scheme: 'exact',
  network: 'eip155:84532',
  amount: '10000',
  asset: USDC_BASE_SEPOLIA,
  payTo: PAYEE,
  maxTimeoutSeconds: 300,
  extra: { name: 'USDC', version: '2' },
};

/** The same as a v1 server asks for it. */
export const ENTRY_V1 = {
  scheme: 'exact',
  network: 'base-sepolia',
  maxAmountRequired: '10000',
  resource: 'https://paper.example/article',
  description: 'An article',
  mimeType: 'text/html',
  payTo: PAYEE,
  maxTimeoutSeconds: 60,
  asset: USDC_BASE_SEPOLIA,
  extra: { name: 'USDC', version: '2' },
};

export const RESOURCE = {
  url: 'https://paper.example/article',
  description: 'An article',
  mimeType: 'text/html',
};

/** Base64 of UTF-8 JSON, made without the code under test. */
export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

/** Base64 of UTF-8 JSON, read without the code under test. */
export function decode(header: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
}

/** A `PAYMENT-REQUIRED` value with these entries. */
export function termsHeader(entries: readonly unknown[], more: object = {}): string {
  return encode({ x402Version: 2, error: 'Payment required', resource: RESOURCE, accepts: entries, ...more });
}

/** Parsed v2 terms: the entry with changes, one for each. */
export function parsedTerms(changes: readonly object[], more: object = {}): PaymentRequired {
  return parsePaymentRequiredHeader(
    termsHeader(
      changes.map((change) => ({ ...ENTRY_V2, ...change })),
      more,
    ),
  );
}

/** Parsed v2 terms: the entry with changes, one for each argument, or the entry as it is. */
export function v2(...changes: readonly object[]): PaymentRequired {
  return parsedTerms(changes.length === 0 ? [{}] : changes);
}

/** Parsed v1 terms: the entry with changes, one for each argument. */
export function v1(...changes: readonly object[]): PaymentRequired {
  const accepts = (changes.length === 0 ? [{}] : changes).map((change) => ({ ...ENTRY_V1, ...change }));
  const required = parsePaymentRequiredBody(
    JSON.stringify({ x402Version: 1, error: 'Payment required', accepts }),
  );
  if (required === null) throw new Error('The body names x402Version, so it is not an ordinary one.');
  return required;
}

/** What a function throws, or rejects with. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
