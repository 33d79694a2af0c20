import {
  ALL_NETWORKS,
  explainReason,
  formatPrice,
  formatToken,
  isOfferFor,
  newAuthorization,
  offersOf,
  outcomeOf,
  type PaymentRequired,
  parseAtomic,
  parseDecimal,
  parseMoney,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parsePaymentRequiredPage,
  parseSettleResponse,
  paymentHeader,
  signedOffersOf,
  signedReceiptOf,
  signInChallenge,
  signInHeader,
  signInMessage,
  TuppenceError,
  termsOfAnswer,
  toJson,
  typedData,
} from '../../component/src/core/index.ts';
import { mutate, random } from './mutate.ts';
import { SIGNATURE } from './signature.ts';
import { PAYER } from './terms.ts';

/** What a run found. Times are milliseconds. */
export type FuzzReport = {
  readonly inputs: number;
  readonly refused: number;
  readonly slowest: readonly { readonly ms: number; readonly target: string; readonly length: number }[];
  /** Inputs that made something else than a named error. */
  readonly broken: readonly { readonly target: string; readonly input: string; readonly error: string }[];
};

/** Milliseconds from which an input is measured again. */
const NOTABLE = 5;

const OPTIONS = { networks: ALL_NETWORKS, allowanceOf: () => 2n ** 256n };

/** Everything that text from outside reaches. None may throw anything but a named error. */
const TARGETS: { readonly [name: string]: (input: string) => void } = {
  header: (input) => walk(parsePaymentRequiredHeader(input)),
  body: (input) => walkOrNothing(parsePaymentRequiredBody(input)),
  page: (input) => walkOrNothing(parsePaymentRequiredPage(parsed(input))),
  answer: (input) =>
    walkOrNothing(
      termsOfAnswer({ status: 402, header: () => input, body: input, page: input })?.required ?? null,
    ),
  settlement: (input) => void signedReceiptOf(parseSettleResponse(input).extensions),
  outcome: (input) => void outcomeOf({ status: 402, settlement: input, hasTerms: true, error: input }),
  reason: (input) => void explainReason(input),
  amount: (input) => void parseAtomic(input),
  decimal: (input) => void parseDecimal(input, 6),
  money: (input) => void parseMoney(input, 6, 'de'),
  message: (input) => void toJson(parsed(input)),
};

/** Feeds `inputs` generated and mutated texts to everything that reads text from outside. */
export function fuzz(inputs: number, seed: number, now: () => number = () => performance.now()): FuzzReport {
  const pick = random(seed);
  const targets = Object.entries(TARGETS);
  const slowest: FuzzReport['slowest'][number][] = [];
  const broken: FuzzReport['broken'][number][] = [];
  let refused = 0;
  for (let count = 0; count < inputs; count += 1) {
    const input = mutate(pick);
    const [target, read] = targets[pick(targets.length)] ?? fail();
    const start = now();
    try {
      read(input);
    } catch (error) {
      if (error instanceof TuppenceError) refused += 1;
      else broken.push({ target, input: input.slice(0, 500), error: String(error) });
    }
    const ms = now() - start;
    keepSlowest(slowest, {
      ms: ms < NOTABLE ? ms : again(() => read(input), now),
      target,
      length: input.length,
    });
  }
  return { inputs, refused, slowest, broken };
}

/** The shortest of three more runs: what is left when the machine was busy with something else. */
function again(run: () => void, now: () => number): number {
  const times = [0, 1, 2].map(() => {
    const start = now();
    try {
      run();
    } catch {
      // Counted by the first run.
    }
    return now() - start;
  });
  return Math.min(...times);
}

/** Goes on with terms that could be read, as far as a payment would. */
function walk(required: PaymentRequired): void {
  const { best, others } = offersOf(required, OPTIONS);
  attempt(() => {
    const challenge = signInChallenge(
      required,
      'https://paper.example/article',
      Date.UTC(2025, 5, 15, 15, 8),
    );
    if (challenge === null) return;
    signInMessage(challenge, PAYER.address);
    signInHeader(challenge, PAYER.address, SIGNATURE);
  });
  attempt(() => signedOffersOf(required).map((offer) => best !== null && isOfferFor(offer, best)));
  for (const offer of best === null ? [] : [best, ...others]) {
    attempt(() => {
      const authorization = newAuthorization(offer, PAYER.address, 1_750_000_000);
      typedData(offer, authorization);
      formatPrice(offer.microUsd, 'en');
      formatToken(offer.requirements.amount, offer.asset, 'fr');
      const { value } = paymentHeader(required, offer.requirements, {
        authorization,
        signature: SIGNATURE,
        paymentId: 'pay_0',
      });
      if (value.length > 8192) throw new Error(`The header has ${value.length} characters.`);
    });
  }
}

function walkOrNothing(required: PaymentRequired | null): void {
  if (required !== null) walk(required);
}

/** One step may refuse by name; the next is tried all the same. */
function attempt(step: () => unknown): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof TuppenceError)) throw error;
  }
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

function keepSlowest(slowest: FuzzReport['slowest'][number][], one: FuzzReport['slowest'][number]): void {
  if (slowest.length === 5 && one.ms <= (slowest[4]?.ms ?? 0)) return;
  slowest.push(one);
  slowest.sort((a, b) => b.ms - a.ms);
  slowest.splice(5);
}

function fail(): never {
  throw new Error('There is a target for every number below their count.');
}
