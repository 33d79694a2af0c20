import type { World } from '../../demo-site/world/index.ts';
import { USDC_BASE_SEPOLIA } from './terms.ts';

/** What a till asks for: a cent of USDC, in the words of v2. */
export const centFor = ({ network, payee }: World) => ({
  scheme: 'exact',
  network: network as string,
  amount: '10000',
  asset: USDC_BASE_SEPOLIA,
  payTo: payee as string,
  maxTimeoutSeconds: 60,
  extra: { name: 'USDC', version: '2' },
});

/** The same in the words of v1. */
export function centV1For(world: World, resource: string) {
  const { amount, ...rest } = centFor(world);
  return {
    ...rest,
    network: world.networkV1 as string,
    maxAmountRequired: amount,
    resource,
    description: '',
    mimeType: '',
  };
}

/** How the world's facilitator has settled. */
export type Settled = { readonly success: boolean; readonly transaction: string };

/** The payment that a request carries, of either version, as its server reads it; null when it carries none. */
export function paymentIn(headers: Headers): { readonly payload: unknown; readonly version: 1 | 2 } | null {
  const [v2, v1] = [headers.get('payment-signature'), headers.get('x-payment')];
  const header = v2 ?? v1;
  return header === null ? null : { payload: JSON.parse(atob(header)), version: v2 === null ? 1 : 2 };
}

/**
 * Settles a payment with the world's facilitator, on the terms that a till of this world has: for servers that tests
 * make themselves, whose answers no official middleware would give.
 */
export async function settle(
  world: World,
  { payload, version }: NonNullable<ReturnType<typeof paymentIn>>,
  change: object = {},
): Promise<Settled> {
  const terms = version === 2 ? centFor(world) : centV1For(world, 'http://127.0.0.1/');
  const sent = version === 2 ? { ...(payload as object), accepted: terms } : (payload as object);
  const answer = await fetch(`${world.facilitatorUrl}/settle`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      x402Version: version,
      paymentPayload: sent,
      paymentRequirements: { ...terms, ...change },
    }),
  });
  return (await answer.json()) as Settled;
}

/** Base64 of UTF-8 JSON: a header of x402. */
export const header = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
