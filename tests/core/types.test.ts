import { describe, expectTypeOf, it } from 'vitest';
import {
  type Address,
  type AskReason,
  conclude,
  decide,
  type Intent,
  type MalformedError,
  type NothingPayableError,
  newAuthorization,
  type Outcome,
  type offersOf,
  outcomeOf,
  type PaymentRequired,
  type PayResult,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parsePaymentRequiredPage,
  pay,
  paymentHeader,
  type Quote,
  quote,
  type SignInChallenge,
  signInChallenge,
  type TooManyDecimalsError,
  type TypedData,
  type termsOfAnswer,
  toJson,
  typedData,
  type Verdict,
} from '../../component/src/core/index.ts';

// Checked by `tsc -p .`: that what callers are promised is what the compiler sees. Nothing here runs for its value.

describe('the types of the public API', () => {
  it('tell "not x402" from terms', () => {
    expectTypeOf(parsePaymentRequiredHeader).returns.toEqualTypeOf<PaymentRequired>();
    expectTypeOf(parsePaymentRequiredBody).returns.toEqualTypeOf<PaymentRequired | null>();
    expectTypeOf(parsePaymentRequiredPage).parameter(0).toBeUnknown();
    expectTypeOf<ReturnType<typeof termsOfAnswer>>().toBeNullable();
  });

  it('keep amounts as bigint, and nothing of them as number', () => {
    expectTypeOf<Quote['microUsd']>().toEqualTypeOf<bigint>();
    expectTypeOf<Quote['requirements']['amount']>().toEqualTypeOf<bigint>();
    expectTypeOf<Intent['terms']['amount']>().toEqualTypeOf<bigint>();
    expectTypeOf<TypedData['message']['value']>().toEqualTypeOf<string>();
    expectTypeOf(decide).parameter(2).toEqualTypeOf<bigint>();
  });

  it('let nobody change what was parsed', () => {
    expectTypeOf<Quote>().toEqualTypeOf<Readonly<Quote>>();
    expectTypeOf<Quote['requirements']>().toEqualTypeOf<Readonly<Quote['requirements']>>();
    expectTypeOf<PaymentRequired['accepts']>().not.toExtend<unknown[]>();
  });

  it('name every reason, so that a switch over them is exhaustive', () => {
    expectTypeOf<Extract<Verdict, { outcome: 'ask' }>['reason']>().toEqualTypeOf<AskReason>();
    expectTypeOf<Outcome['state']>().toEqualTypeOf<'settled' | 'rejected' | 'unknown'>();
    expectTypeOf<PayResult['kind']>().toEqualTypeOf<'sent' | 'asking' | 'refused'>();
  });

  it('narrow errors by their name', () => {
    expectTypeOf<MalformedError['name']>().toEqualTypeOf<'Json.MalformedError'>();
    type Known = MalformedError | NothingPayableError | TooManyDecimalsError;
    expectTypeOf<Extract<Known, { name: 'Quote.NothingPayableError' }>['reasons']>().toEqualTypeOf<
      readonly string[]
    >();
  });

  it('ask for what cannot be left out', () => {
    expectTypeOf(newAuthorization).parameters.toEqualTypeOf<[Quote, Address, number]>();
    expectTypeOf(quote).parameter(1).toEqualTypeOf<Parameters<typeof offersOf>[1]>();
    expectTypeOf(paymentHeader)
      .returns.toHaveProperty('name')
      .toEqualTypeOf<'X-PAYMENT' | 'PAYMENT-SIGNATURE'>();
    expectTypeOf(typedData).returns.toEqualTypeOf<TypedData>();
    expectTypeOf(outcomeOf).returns.toEqualTypeOf<Outcome>();
    expectTypeOf(pay).returns.resolves.toEqualTypeOf<PayResult>();
    expectTypeOf(conclude).returns.resolves.toEqualTypeOf<Intent>();
    expectTypeOf(signInChallenge).returns.toEqualTypeOf<SignInChallenge | null>();
    expectTypeOf(toJson).parameter(0).toBeUnknown();
  });

  it('refuse what would be a mistake', () => {
    // @ts-expect-error A number is no amount.
    const number: Quote['microUsd'] = 1;
    // @ts-expect-error An address starts with 0x.
    const address: Address = 'paper.eth';
    // @ts-expect-error There is no such state.
    const state: Intent['state'] = 'failed';
    expectTypeOf([number, address, state]).toBeArray();
  });
});
