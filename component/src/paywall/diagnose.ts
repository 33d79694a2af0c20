import type { PaymentRequired } from '../core/index.ts';
import { quoteByExtension } from '../wallet/peek.ts';
import type { Content } from './content.ts';
import type { Fault } from './fault.ts';
import type { Offer } from './look.ts';

/** What a publisher is told about a fault, in the console: what is wrong, and how to mend it. */
export type Advice = { readonly wrong: string; readonly fix: string };

const VERSION_2 = 'Send them as base64 of JSON in the header PAYMENT-REQUIRED.';
const EXPOSED = 'Access-Control-Expose-Headers: PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE';

/** Writes advice to the console. It looks at the endpoint again where that tells more, and pays nothing. */
export async function diagnose(fault: Fault, url: string | null): Promise<void> {
  warn(await adviceOn(fault, url), url);
}

/** Terms that are paid here and may not be elsewhere. */
export function diagnoseOffer({ required, evidence, url }: Offer): void {
  const { x402Version } = required;
  const mixUp = mixUpIn(required);
  if (mixUp !== null) warn(mixUp, url);
  if (x402Version === 2 && evidence === 'body')
    warn(
      { wrong: 'Version 2 terms came in the body, where clients don’t look for them.', fix: VERSION_2 },
      url,
    );
  if (x402Version === 1 && evidence === 'header')
    warn(
      {
        wrong: 'The header PAYMENT-REQUIRED holds version 1 terms.',
        fix: 'That header is version 2’s. Send version 1 as a JSON body, or "x402Version": 2 in the header.',
      },
      url,
    );
}

/** One version's fields in the other version's terms. */
function mixUpIn({ x402Version, accepts }: PaymentRequired): Advice | null {
  const isCaip = accepts.some(({ sent }) => String(sent['network']).includes(':'));
  const isNamed = accepts.some(({ sent }) => !String(sent['network']).includes(':'));
  const hasOldAmount = accepts.some(({ sent }) => 'maxAmountRequired' in sent);
  if (x402Version === 2 && (hasOldAmount || isNamed))
    return {
      wrong: 'These are version 1’s fields in version 2’s terms.',
      fix: 'Version 2 says "amount" (not "maxAmountRequired") and "network": "eip155:8453" (not "base").',
    };
  if (x402Version === 1 && (isCaip || !hasOldAmount))
    return {
      wrong: 'These are version 2’s fields in version 1’s terms.',
      fix: 'Version 1 says "maxAmountRequired" and "network": "base"; or send "x402Version": 2 in the header PAYMENT-REQUIRED.',
    };
  return null;
}

/** Content that came, and is hardly shown as its publisher meant. @param start of it, where it is text. */
export function diagnoseContent({ kind, type, url }: Content, start: string): void {
  const advice = adviceOnContent(kind, type, start);
  if (advice !== null) warn(advice, url);
}

/** Places in a template that are left as they are, because what a server sends could be more than words there. */
export function diagnoseTemplate(unfilled: readonly string[]): void {
  warn(
    {
      wrong: `The template has {{ … }} in ${unfilled.join(', ')}, where nothing is ever filled in.`,
      fix: 'Use it in text only. Listen to the event x402-content for anything else.',
    },
    null,
  );
}

export function adviceOnContent(kind: Content['kind'], type: string, start: string): Advice | null {
  if (kind === 'file')
    return {
      wrong: `The content came ${type === '' ? 'without a content type' : `as ${type}`}, so it is offered as a file.`,
      fix: 'Send its own Content-Type, such as text/html, or “Content-Disposition: attachment” if a file is meant.',
    };
  if (kind === 'json')
    return {
      wrong: 'The content came as JSON, and nothing shows it.',
      fix: 'Put a <template> into the element, or take it from the event x402-content. If it is a page, send “Content-Type: text/html”.',
    };
  return kind === 'text' &&
    /^<(!doctype html|html|head|body|main|article|section|div|h[1-6]|p)\b/i.test(start)
    ? {
        wrong: `The content looks like HTML and came as ${type}, so its tags are shown.`,
        fix: 'Send “Content-Type: text/html; charset=utf-8”.',
      }
    : null;
}

function warn({ wrong, fix }: Advice, url: string | null): void {
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
    const ask = quoteByExtension() ?? fetch; // Nothing is to be paid for this.
    await ask(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store' });
  } catch {
    return unreachable;
  }
  return {
    wrong: 'It answers, but this page may not read the answer: the 402 has no CORS header for it.',
    fix: `Send “Access-Control-Allow-Origin: ${origin}” and “${EXPOSED}” with the 402 too: mount CORS before the payment middleware.`,
  };
}
