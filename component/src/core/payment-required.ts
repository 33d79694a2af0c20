import { sentenceOf, TuppenceError } from './errors.ts';
import { asTextOrNull } from './fields.ts';
import { jsonInHeader } from './header-json.ts';
import { type Json, type JsonObject, MalformedError, parseJson, toJson } from './json.ts';
import {
  asJsonObject,
  asRequirements,
  isJsonObject,
  objectOrNull,
  type PaymentRequirements,
} from './payment-requirements.ts';

/** An entry of `accepts` that could not be read, kept so that a person can be told why. */
export type UnreadableRequirements = {
  readonly index: number;
  /** A sentence for a person. */
  readonly reason: string;
  /** Path of the bad field, such as `accepts[0].amount`. */
  readonly path: string;
};

/** What a 402 asks for. */
export type PaymentRequired = {
  readonly x402Version: 1 | 2;
  /** The server's own words on why it answered 402. Text for people only. */
  readonly error: string | null;
  /** What the server says is being bought; the URL really requested is what counts. */
  readonly resource: {
    readonly url: string;
    readonly description: string | null;
  } | null;
  /** v2's top-level `resource`, exactly as sent, for the echo. */
  readonly sentResource: JsonObject | null;
  readonly accepts: readonly PaymentRequirements[];
  readonly unreadable: readonly UnreadableRequirements[];
  /** v2's `extensions`, exactly as sent, for the echo. */
  readonly extensions: JsonObject | null;
};

/** Where the entries are; servers use the later names too, some beside an `accepts` of another form. */
const LISTS = ['accepts', 'paymentRequirements', 'payment_requirements', 'paymentOptions'] as const;

/**
 * Terms from a `PAYMENT-REQUIRED` header: base64 of UTF-8 JSON, or one of the forms of {@link jsonInHeader}. The
 * version inside decides the form. Of two headers the first with terms counts.
 *
 * What is signed must be exact: price, token, payee, network. Of everything else the forms that deployed servers send
 * are taken: https://github.com/x402-foundation/x402/issues/2760, https://github.com/Merit-Systems/x402scan/issues/735.
 * One bad entry of `accepts` does not spoil the others: it is listed in `unreadable`. An empty `accepts` is read too,
 * because routes that only want a sign-in send one.
 * @throws {UnreadableTermsError} saying what was wrong, and where.
 */
export function parsePaymentRequiredHeader(header: string): PaymentRequired {
  return readable(() => {
    const values = jsonInHeader(header);
    return fromTerms(values.map(termsIn).find((terms) => terms !== null) ?? asJsonObject(values[0], ''));
  });
}

/**
 * Terms from the body of a 402, the place where x402 v1 puts them: the whole body, or the one object in it that has
 * an `x402Version` and offers, as in FastAPI's `{"detail": {…}}`.
 *
 * @returns null when there is no such object: then it is an ordinary 402.
 * @throws {UnreadableTermsError} when there is, and it can't be read.
 */
export function parsePaymentRequiredBody(body: string): PaymentRequired | null {
  if (!/^\s*[[{]/.test(body) || !body.includes('x402Version')) return null;
  return readable(() => {
    const terms = termsIn(parseJson(body.trim()));
    return terms && fromTerms(terms);
  });
}

/**
 * Terms from the `window.x402` object of the official paywall pages: `paymentRequired` holds v2's, a list of
 * `paymentRequirements` v1's. Scripts of the page can alter it: never pay such terms without a question.
 *
 * @param page the object, or a copy of it that came through a message.
 * @returns null when it is not such an object.
 * @throws {UnreadableTermsError}
 */
export function parsePaymentRequiredPage(page: unknown): PaymentRequired | null {
  if (typeof page !== 'object' || page === null) return null;
  if ('paymentRequired' in page) {
    const { paymentRequired } = page;
    return readable(() => fromTerms(asJsonObject(toJson(paymentRequired), '')));
  }
  if (!('paymentRequirements' in page)) return null;
  const { paymentRequirements: terms } = page;
  return readable(() => fromTerms({ x402Version: 1, accepts: toJson(terms, 'paymentRequirements') }));
}

function readable<Terms extends PaymentRequired | null>(read: () => Terms): Terms {
  try {
    return read();
  } catch (cause) {
    throw new UnreadableTermsError(cause);
  }
}

/** The object that is terms: the value itself, or the only one a level down; null when there is none. */
function termsIn(json: Json): JsonObject | null {
  if (isJsonObject(json) && 'x402Version' in json) return json;
  const found: readonly Json[] = Object.values(json ?? {});
  const [terms = null, other] = found
    .filter(isJsonObject)
    .filter((value) => 'x402Version' in value && LISTS.some((name) => name in value));
  return other ? null : terms;
}

function fromTerms(terms: JsonObject): PaymentRequired {
  const x402Version = asVersion(terms['x402Version']);
  const { entries, ...offers } = offersIn(terms, x402Version);
  const v2 = x402Version === 2;
  const { resource } = terms;
  return {
    x402Version,
    error: asTextOrNull(terms['error']),
    resource: resourceOf(v2 ? resource : entries[0], v2 ? 'url' : 'resource'),
    sentResource: v2 ? objectOrNull(resource) : null,
    ...offers,
    extensions: v2 ? objectOrNull(terms['extensions']) : null,
  };
}

function asVersion(value: Json | undefined): 1 | 2 {
  const version = typeof value === 'string' ? Number(value) : value;
  if (version !== 1 && version !== 2) throw new MalformedError('x402Version', '1 or 2');
  return version;
}

/** The offers of the first list in which one can be read, or of the first list at all. */
function offersIn(terms: JsonObject, x402Version: 1 | 2) {
  const lists = LISTS.flatMap((name) => {
    const value = terms[name];
    const entries = [value].flat() as Json[]; // Holds: one object, or the items of a list.
    return value && typeof value === 'object' ? [readEntries(entries, name, x402Version)] : [];
  });
  const [first] = lists;
  if (first === undefined) throw new MalformedError('accepts', 'a list');
  return lists.find(({ accepts }) => accepts.length > 0) ?? first;
}

function readEntries(entries: readonly Json[], list: string, x402Version: 1 | 2) {
  const accepts: PaymentRequirements[] = [];
  const unreadable: UnreadableRequirements[] = [];
  entries.forEach((entry, index) => {
    try {
      accepts.push(asRequirements(entry, `${list}[${index}]`, x402Version));
    } catch (cause) {
      unreadable.push({ index, reason: sentenceOf(cause), path: fieldOf(cause) });
    }
  });
  return { entries, accepts, unreadable };
}

/** v2 has one `resource` object, or a text; v1 repeats a URL and a description in every entry. */
function resourceOf(resource: Json | undefined, field: string): PaymentRequired['resource'] {
  const said = isJsonObject(resource) ? resource : { [field]: resource };
  const url = asTextOrNull(said[field], 4096);
  return url === null ? null : { url, description: asTextOrNull(said['description']) };
}

function fieldOf(thrown: unknown): string {
  return thrown instanceof MalformedError ? thrown.path : '';
}

/** The 402 names x402, and its terms can't be read. */
export class UnreadableTermsError extends TuppenceError {
  override readonly name = 'PaymentRequired.UnreadableTermsError';
  /** Path of the bad field, such as `x402Version`; empty for the whole. */
  readonly path: string;
  constructor(cause: unknown) {
    super(`This site's payment terms can't be read. ${sentenceOf(cause)}`, { cause });
    this.path = fieldOf(cause);
  }
}
