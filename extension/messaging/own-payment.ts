/**
 * Whether a request's header (its name and its value) is a payment or a sign-in that the page makes by itself: x402's
 * `X-PAYMENT`, `PAYMENT-SIGNATURE` and `SIGN-IN-WITH-X`, names like those, and `Authorization: Payment …`.
 */
export function isOwnPayment(header: readonly string[]): boolean {
  return /^(authorization,)?[^,]*(payment|sign-in)/i.test(`${header}`);
}
