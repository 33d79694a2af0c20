import type { Fault } from './fault.ts';

/** What a publisher is told about a fault, in the console: what is wrong, and how to mend it. */
export type Advice = { readonly wrong: string; readonly fix: string };

const EXPOSED = 'Access-Control-Expose-Headers: PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE';

/** Writes advice to the console. It looks at the endpoint again where that tells more, and pays nothing. */
export async function diagnose(fault: Fault, url: string | null): Promise<void> {
  const { wrong, fix } = await adviceOn(fault, url);
  console.warn(`<x402-paywall>${url === null ? '' : ` ${url}`}: ${wrong} ${fix}`);
}

/** Browser only. */
export async function adviceOn(fault: Fault, url: string | null): Promise<Advice> {
  const origin = location.origin;
  switch (fault.code) {
    case 'no-source':
      return { wrong: 'There is no address to ask.', fix: 'Set src to an http(s) address that answers 402.' };
    case 'bad-setting':
      return fault.name === 'max-amount'
        ? {
            wrong: 'max-amount can’t be read.',
            fix: 'Write dollars as a decimal, such as max-amount="0.50".',
          }
        : {
            wrong: 'pay-to can’t be read.',
            fix: 'Write addresses of 0x and 40 hexadecimal digits, with blanks between.',
          };
    case 'offline':
      return { wrong: 'The browser is offline.', fix: 'It tries again by itself.' };
    case 'unreachable':
      return url === null ? unreachable : adviceOnSilence(url, origin);
    case 'bad-status':
      return {
        wrong: `It answered ${fault.status}, not 402 and not the content.`,
        fix: 'Look at the server’s log.',
      };
    case 'forwarded':
      return {
        wrong: `It redirects to ${fault.to}.`,
        fix: 'Set src to the final address: no payment follows a redirect.',
      };
    case 'hidden':
      return {
        wrong: 'The terms of the 402 can’t be read by this page.',
        fix: `Send “${EXPOSED}” with the 402 and with the paid answer.`,
      };
    case 'blocked':
      return {
        wrong: 'The preflight for a payment was refused.',
        fix: `Answer OPTIONS without a payment (route "GET /…", CORS before the payment middleware) with “Access-Control-Allow-Origin: ${origin}” and “Access-Control-Allow-Headers: PAYMENT-SIGNATURE, X-PAYMENT”.`,
      };
    case 'no-terms':
      return {
        wrong: 'The 402 has no x402 terms in it.',
        fix: 'Version 2 puts them into the header PAYMENT-REQUIRED (base64 of JSON), version 1 into a JSON body with "x402Version": 1.',
      };
    case 'unpayable':
      return {
        wrong: fault.detail,
        fix: 'Offer USDC by the scheme "exact" on a network such as eip155:8453 (Base).',
      };
    case 'too-dear':
      return {
        wrong: `The server asks for ${fault.price}.`,
        fix: `max-amount allows ${fault.most}; raise it, or lower the price.`,
      };
    case 'other-payee':
      return {
        wrong: `The server’s payTo is ${fault.payTo}.`,
        fix: 'Add it to pay-to if it is yours; if not, look who changed it.',
      };
  }
}

const unreachable: Advice = {
  wrong: 'It did not answer.',
  fix: 'See whether the server runs and the address is right.',
};

/** A request that fails says nothing of why; asked without the right to read the answer, it fails only if nobody is there. */
async function adviceOnSilence(url: string, origin: string): Promise<Advice> {
  const target = new URL(url);
  if (location.protocol === 'https:' && target.protocol === 'http:')
    return { wrong: 'An https page may not load from http.', fix: 'Serve the endpoint by https.' };
  if (target.origin === origin) return unreachable;
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store' });
  } catch {
    return unreachable;
  }
  return {
    wrong: 'It answers, but this page may not read the answer: the 402 has no CORS header for it.',
    fix: `Send “Access-Control-Allow-Origin: ${origin}” and “${EXPOSED}” with the 402 too: mount CORS before the payment middleware.`,
  };
}
