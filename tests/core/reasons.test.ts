import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainReason } from '../../component/src/core/index.ts';

describe('explainReason', () => {
  it.each([
    ['settlement_pending', 'pending', 'wait'],
    ['invalid_exact_evm_nonce_already_used', 'already-used', 'look-at-chain'],
    ['duplicate_settlement', 'already-used', 'look-at-chain'],
    ['permit2_invalid_nonce', 'already-used', 'look-at-chain'],
    ['permit2_allowance_required', 'allowance', 'other-wallet'],
    ['insufficient_funds', 'funds', 'add-money'],
    ['invalid_exact_evm_insufficient_balance', 'funds', 'add-money'],
    ['permit2_insufficient_balance', 'funds', 'add-money'],
    ['invalid_exact_evm_payload_authorization_valid_before', 'time', 'new-terms'],
    ['payment_expired', 'time', 'new-terms'],
    ['permit2_deadline_expired', 'time', 'new-terms'],
    ['permit2_not_yet_valid', 'time', 'new-terms'],
    ['No matching payment requirements', 'echo', 'new-terms'],
    ['extension_echo_mismatch', 'echo', 'new-terms'],
    ['invalid_exact_evm_authorization_value', 'amount', 'new-terms'],
    ['invalid_exact_evm_payload_authorization_value_mismatch', 'amount', 'new-terms'],
    ['permit2_amount_mismatch', 'amount', 'new-terms'],
    ['invalid_exact_evm_signature', 'signature', 'other-wallet'],
    ['invalid_exact_evm_failed_to_parse_signature', 'signature', 'other-wallet'],
    ['invalid_exact_evm_token_name_mismatch', 'signature', 'other-wallet'],
    ['invalid_exact_evm_recipient_mismatch', 'terms', 'new-terms'],
    ['invalid_network', 'terms', 'new-terms'],
    ['invalid_exact_evm_scheme', 'terms', 'new-terms'],
    ['asset_not_deployed_contract', 'unsupported', 'other-wallet'],
    ['invalid_exact_evm_eip3009_not_supported', 'unsupported', 'other-wallet'],
    ['eip6492_factory_not_allowed', 'unsupported', 'other-wallet'],
    ['smart_wallet_deployment_failed', 'unsupported', 'other-wallet'],
    ['invalid_exact_evm_transaction_simulation_failed', 'chain', 'look-at-chain'],
    ['invalid_exact_evm_transaction_failed', 'chain', 'look-at-chain'],
    ['invalid_transaction_state', 'chain', 'look-at-chain'],
    ['eip2612_deadline_expired', 'time', 'new-terms'],
    ['eip2612_asset_mismatch', 'other-scheme', 'tell-site'],
    ['invalid_upto_evm_scheme', 'other-scheme', 'tell-site'],
    ['invalid_batch_settlement_evm_missing_channel', 'other-scheme', 'tell-site'],
    ['fetch failed', 'facilitator', 'try-later'],
    ['unexpected_settle_error', 'facilitator', 'try-later'],
    ['The request timed out', 'facilitator', 'try-later'],
    ['the page failed with status 500', 'page', 'try-later'],
  ])('takes %s for %s: %s', (code, family, next) => {
    expect(explainReason(code)).toMatchObject({ family, next });
  });

  it('has a sentence for each, and never the server’s own words', () => {
    expect(explainReason('insufficient_funds').sentence).toBe(
      'There is not enough money in the wallet on this network.',
    );
    expect(explainReason('<b>pay more</b>')).toEqual({
      family: 'other',
      next: 'tell-site',
      sentence: 'The site did not take the payment.',
    });
  });

  it('knows every code of the official EVM facilitator', () => {
    const unknown = officialCodes().filter((code) => explainReason(code).family === 'other');
    expect(unknown).toEqual([]);
  });
});

/** The error codes in the published code of `@x402/evm`: all constants by the name of `Err…`. */
function officialCodes(): readonly string[] {
  const folder = new URL('../../node_modules/@x402/evm/dist/esm/', import.meta.url);
  const texts = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  const codes = texts.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/var Err\w+ = "([^"]+)"/g)].map(
      ([, code = '']) => code,
    ),
  );
  expect(codes.length).toBeGreaterThan(80);
  return [...new Set(codes)];
}
