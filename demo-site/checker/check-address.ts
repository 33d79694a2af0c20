import { type Answer, ask, termsOf } from './answers.ts';
import { bad, type Finding, good } from './finding.ts';
import { judgeOffers, type Offer, offerInWords } from './offers.ts';
import { probePayment } from './payment-probe.ts';

/** What an address sells, and what is right and wrong about how it does. */
export type Check = { readonly offers: readonly Offer[]; readonly findings: readonly Finding[] };

/**
 * Looks at an address that is for sale as a reader's browser does. Nothing is signed or paid.
 *
 * @param from origin of the page with the tag; null when it is the address's own
 */
export async function checkAddress(address: string, from: string | null = null): Promise<Check> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    return { offers: [], findings: [bad('This is no http or https address.')] };
  const url = new URL(address);
  const answer = await ask(address, from === null ? {} : { Origin: from });
  const findings = [judgeScheme(url)];
  if (typeof answer === 'string')
    return { offers: [], findings: [...findings, bad(`There is no answer: ${answer}`)] };
  findings.push(judgeStatus(answer));
  if (answer.status !== 402) return { offers: [], findings };
  const terms = termsOf(answer);
  if (typeof terms === 'string') return { offers: [], findings: [...findings, bad(terms)] };
  const { quotes, findings: judged } = judgeOffers(terms);
  const [first] = quotes;
  const rest = await Promise.all([
    first === undefined ? [] : probePayment(address, terms, first),
    judgeCaching(answer),
    checkHead(address),
    checkPerson(address),
    checkOptions(address, url, from),
    from === null || from === url.origin ? [] : judgeShared(answer, from),
  ]);
  return { offers: quotes.map(offerInWords), findings: [...findings, ...judged, ...rest.flat()] };
}

function judgeScheme({ protocol, hostname }: URL): Finding {
  if (protocol === 'https:') return good('It is served over https.');
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return isLocal
    ? good('It is served over http, which is fine on this machine.')
    : bad('It is served over http: extensions pay nothing there by themselves. Serve it over https.');
}

function judgeStatus({ status, headers }: Answer): Finding {
  if (status === 402) return good('Without a payment it answers 402.');
  const location = headers.get('location');
  if (location !== null)
    return bad(`It redirects to ${location}: give that address, no payment follows a redirect.`);
  return bad(`Without a payment it answers ${status}, not 402.`);
}

function judgeCaching({ headers }: Answer): readonly Finding[] {
  const control = headers.get('cache-control');
  const isKept = !/\bno-store\b|\bprivate\b/.test(control ?? '');
  return [
    isKept
      ? bad(
          `A cache may keep the 402 (${control ?? 'no Cache-Control'}) and show it to who has paid: send “Cache-Control: no-store”.`,
        )
      : good('No shared cache keeps the 402.'),
    ...(headers.has('etag')
      ? [
          bad(
            'It has an ETag. If what is sold has one too, a paid request can be answered 304, with nothing to read.',
          ),
        ]
      : []),
  ];
}

async function checkHead(address: string): Promise<readonly Finding[]> {
  const answer = await ask(address, {}, 'HEAD');
  if (typeof answer === 'string') return [bad(`HEAD is not answered: ${answer}`)];
  return answer.status < 400
    ? [bad(`HEAD is answered ${answer.status}, past the price: answer it with 405.`)]
    : [good(`HEAD is answered ${answer.status}.`)];
}

async function checkPerson(address: string): Promise<readonly Finding[]> {
  const answer = await ask(address, { Accept: 'text/html,application/xhtml+xml' });
  if (typeof answer === 'string') return [];
  const isPage = /^text\/html/.test(answer.headers.get('content-type') ?? '');
  if (isPage && !answer.body.includes('@x402/paywall')) return [good('Who opens it directly sees a page.')];
  return [bad('Who opens it directly sees data or a note to developers: set customPaywallHtml.')];
}

/** A browser asks by OPTIONS before it sends a payment to another origin; that must be free. */
async function checkOptions(
  address: string,
  { origin }: URL,
  from: string | null,
): Promise<readonly Finding[]> {
  const asked = 'payment-signature, x-payment';
  const headers = {
    Origin: from ?? origin,
    'Access-Control-Request-Method': 'GET',
    'Access-Control-Request-Headers': asked,
  };
  const answer = await ask(address, headers, 'OPTIONS');
  if (typeof answer === 'string') return [];
  if (answer.status === 402) return [bad('OPTIONS is asked for money: write the route as “GET /…”.')];
  if (from === null || from === origin) return [];
  const allowed = answer.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
  const isAllowed = allowed === '*' || asked.split(', ').every((name) => allowed.includes(name));
  return answer.status < 300 && isAllowed && isShared(answer, from)
    ? [good(`A page of ${from} may send a payment.`)]
    : [
        bad(
          `A page of ${from} may not send a payment. The preflight needs “Access-Control-Allow-Headers: PAYMENT-SIGNATURE, X-PAYMENT”.`,
        ),
      ];
}

function judgeShared(answer: Answer, from: string): readonly Finding[] {
  const exposed = answer.headers.get('access-control-expose-headers')?.toLowerCase() ?? '';
  if (!isShared(answer, from))
    return [
      bad(`A page of ${from} can’t read the 402: send “Access-Control-Allow-Origin: ${from}” with it too.`),
    ];
  return exposed.includes('payment-required')
    ? [good(`A page of ${from} can read the terms.`)]
    : [
        bad(
          'The terms are hidden: send “Access-Control-Expose-Headers: PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE”.',
        ),
      ];
}

function isShared({ headers }: Answer, from: string): boolean {
  return ['*', from].includes(headers.get('access-control-allow-origin') ?? '');
}
