import { ENTRY_V1, ENTRY_V2, RESOURCE } from './terms.ts';

/** A number from 0 up to but not including `limit`. */
export type Random = (limit: number) => number;

/** A small generator of pseudo-random numbers (mulberry32), the same for the same seed everywhere. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** A text that is almost what a server would send, or nothing like it. */
export function mutate(pick: Random): string {
  const seed = structuredClone(SEEDS[pick(SEEDS.length)]);
  const rounds = pick(4);
  for (let round = 0; round < rounds; round += 1) change(seed, pick);
  let text = typeof seed === 'string' ? seed : JSON.stringify(seed);
  for (let round = pick(3); round > 0; round -= 1) text = damage(text, pick);
  if (pick(2) === 0) return text;
  const base64 = Buffer.from(text).toString(pick(4) === 0 ? 'base64url' : 'base64');
  return pick(6) === 0 ? damage(base64, pick) : base64;
}

const EXTENSIONS = {
  'payment-identifier': { info: { required: true }, schema: {} },
  'sign-in-with-x': {
    info: {
      domain: 'paper.example',
      uri: 'https://paper.example/article',
      version: '1',
      nonce: 'abcdef0123456789',
      issuedAt: '2025-06-01T00:00:00.000Z',
      resources: ['https://paper.example/article'],
    },
    supportedChains: [{ chainId: 'eip155:84532', type: 'eip191' }],
  },
  'offer-receipt': {
    info: {
      offers: [
        { format: 'eip712', payload: { version: 1, scheme: 'exact' }, signature: `0x${'11'.repeat(65)}` },
      ],
    },
  },
};

const SEEDS: readonly unknown[] = [
  { x402Version: 2, resource: RESOURCE, accepts: [ENTRY_V2] },
  {
    x402Version: 2,
    error: 'Payment required',
    resource: RESOURCE,
    accepts: [ENTRY_V2, ENTRY_V2],
    extensions: EXTENSIONS,
  },
  { x402Version: 1, error: 'X-PAYMENT header is required', accepts: [ENTRY_V1, ENTRY_V1] },
  { paymentRequired: { x402Version: 2, resource: RESOURCE, accepts: [ENTRY_V2] }, testnet: true },
  { paymentRequirements: [ENTRY_V1], amount: 0.01 },
  {
    success: true,
    transaction: `0x${'12'.repeat(32)}`,
    network: 'eip155:84532',
    extensions: { 'offer-receipt': { info: { receipt: { format: 'jws', signature: 'e30.e30.e30' } } } },
  },
  { success: false, errorReason: 'settlement_pending', txHash: `0x${'12'.repeat(32)}` },
  '10000',
  '0.05',
  'invalid_exact_evm_payload_signature',
  'No matching payment requirements',
  '',
];

const NASTY: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  1.5,
  2 ** 53,
  '',
  ' ',
  '0',
  '-1',
  '1e6',
  '0x10',
  '١٢٣',
  '10000\n',
  '9'.repeat(79),
  '\u0000',
  '\ud800',
  '💸'.repeat(50),
  'a'.repeat(20_000),
  `0x${'0'.repeat(40)}`,
  `0x${'F'.repeat(40)}`,
  'eip155:1',
  'eip155:8453',
  'eip155:4326',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  'celo',
  'permit2',
  'erc7710',
  'upfront',
  'escrow',
  'javascript:alert(1)',
  'https://elsewhere.example',
  [],
  {},
  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
  { toString: 1, valueOf: 2 },
  JSON.parse('{"__proto__":{"amount":"1"}}'),
  { constructor: { prototype: {} } },
];

const KEYS = [
  'amount',
  'maxAmountRequired',
  'extra',
  'sent',
  'accepts',
  'x402Version',
  'toString',
  'size',
  'then',
  '__proto__',
  'info',
  '',
];

/** Puts a nasty value somewhere inside, takes something away, or copies one part over another. */
function change(value: unknown, pick: Random): void {
  let at: unknown = value;
  for (;;) {
    if (typeof at !== 'object' || at === null) return;
    const keys = Object.keys(at);
    const key = keys[pick(Math.max(1, keys.length))] ?? KEYS[pick(KEYS.length)] ?? '';
    // Holds: a plain object or list, made from the seeds above.
    const holder = at as Record<string, unknown>;
    const inside = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (typeof inside === 'object' && inside !== null && pick(4) > 0) {
      at = inside;
      continue;
    }
    const action = pick(5);
    if (action === 0) delete holder[key];
    else if (action === 1) holder[KEYS[pick(KEYS.length)] ?? ''] = structuredClone(NASTY[pick(NASTY.length)]);
    else if (action === 2) holder[key] = structuredClone([inside, inside, inside]);
    else holder[key] = structuredClone(NASTY[pick(NASTY.length)]);
    return;
  }
}

/** Cuts, doubles, flips or stuffs the text itself. */
function damage(text: string, pick: Random): string {
  const at = pick(text.length + 1);
  const end = at + pick(20);
  switch (pick(8)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, at) + text.slice(at, end).repeat(3) + text.slice(end);
    case 3:
      return text.slice(0, at) + String.fromCharCode(pick(0x180)) + text.slice(at + 1);
    case 4:
      return text.replace(/"(\w+)":/, '"$1":1,"$1":');
    case 5:
      return text.replaceAll('"', '\\"');
    case 6:
      return (
        text.slice(0, at) +
        ['[', '{"a":', '"', '\\u0061', '/', '='][pick(6)]?.repeat(1 + pick(300)) +
        text.slice(at)
      );
    default:
      return text.slice(at) + text.slice(0, at);
  }
}
