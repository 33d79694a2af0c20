import { describe, expect, it } from 'vitest';
import {
  type Intent,
  NotSentError,
  type PaymentRequest,
  type Ports,
  pay,
} from '../../component/src/core/index.ts';
import { scriptedPorts } from '../support/ports.ts';
import { thrownBy, v2 } from '../support/terms.ts';

const REQUEST: PaymentRequest = {
  purchase: {
    site: 'https://paper.example',
    url: 'https://paper.example/article',
    method: 'GET',
    bodyHash: null,
  },
  required: v2(),
  evidence: 'header',
  approved: false,
};
const DEAR = v2({ amount: '50001' });
const LOST = { status: 0, settlement: null, hasTerms: false } as const;
const left = async () => 'page-left' as const;

/** Ports whose retry finds that the header can't leave. */
function stopping(ports: Ports): Ports {
  const send = async () => {
    throw new NotSentError('page-left');
  };
  return { ...ports, retry: { send } };
}

describe('a page that was left', () => {
  it('reserves and signs nothing, whatever the rules allow', async () => {
    const { ports, log } = scriptedPorts();
    expect(await pay(REQUEST, { ...ports, standing: left })).toMatchObject({
      kind: 'refused',
      verdict: { outcome: 'deny', reason: 'page-left' },
    });
    expect(log).toEqual([]);
  });

  it('asks its reader nothing, and has no use of a yes given before', async () => {
    const { ports, log } = scriptedPorts({ consent: 'approved' });
    await pay({ ...REQUEST, required: DEAR }, { ...ports, standing: left });
    const agreed = await pay({ ...REQUEST, required: DEAR, approved: true }, { ...ports, standing: left });
    expect(agreed).toMatchObject({ kind: 'refused', verdict: { reason: 'page-left' } });
    expect(log).toEqual([]);
  });

  it('is paid while it stands', async () => {
    const { ports, intents } = scriptedPorts();
    await pay(REQUEST, { ...ports, standing: async () => null });
    expect(intents.map(({ state }) => state)).toEqual(['settled']);
  });

  it('after the signature gives back what was reserved, since the header has not left', async () => {
    const { ports, log, ledger, intents } = scriptedPorts();
    expect(await pay(REQUEST, stopping(ports))).toMatchObject({
      kind: 'refused',
      verdict: { outcome: 'deny', reason: 'page-left' },
    });
    expect(log).toEqual(['reserve', 'sign', 'signed', 'sent', 'expired']);
    expect([intents[0]?.state, await ledger.spentOn(0)]).toEqual(['expired', 0n]);
  });

  it('keeps reserved what had left before, as it stood then', async () => {
    const { ports, intents } = scriptedPorts({ answer: LOST });
    await pay(REQUEST, ports);
    await pay(REQUEST, stopping(ports));
    expect(intents.map(({ state }) => state)).toEqual(['unknown']);
  });

  it('is not what any other failure of the retry means: the payment stays undecided', async () => {
    const { ports, intents } = scriptedPorts();
    const send = async () => {
      throw new Error('The network is gone.');
    };
    expect(await thrownBy(() => pay(REQUEST, { ...ports, retry: { send } }))).toMatchObject({
      message: 'The network is gone.',
    });
    expect(intents.map(({ state }) => state)).toEqual(['sent']);
  });
});

describe('a payment that is under way, asked for by somebody else', () => {
  /** A payment on its way, and the same purchase asked for again under `change` of the circumstances. */
  async function again(change: Partial<Ports>, request: Partial<PaymentRequest> = {}) {
    const first = scriptedPorts({ answer: LOST });
    await pay({ ...REQUEST, ...request }, { ...first.ports, isOwn: async () => true });
    const result = await pay({ ...REQUEST, ...request }, { ...first.ports, ...change });
    return { ...first, result };
  }
  const other = { isOwn: async (_: Intent) => false };

  it('is sent again, with the same signature, when the rules would pay them', async () => {
    const { headers, signed, result } = await again(other);
    expect(result).toMatchObject({ kind: 'sent' });
    expect([headers.length, signed.length]).toEqual([2, 1]);
  });

  it('is sent for nobody on whose account the reader would be asked, until there is a yes', async () => {
    const aside = { policy: async () => ({ ...(await scriptedPorts().ports.policy()), anySite: false }) };
    const asking = await again({ ...other, ...aside, consent: { ask: async () => 'deferred' } });
    expect(asking.result).toMatchObject({ kind: 'asking', verdict: { reason: 'first-payment-here' } });
    expect(asking.headers).toHaveLength(1);
    const refused = await again({ ...other, ...aside });
    expect(refused.result).toMatchObject({ kind: 'refused', verdict: { reason: 'refused' } });
    expect(refused.headers).toHaveLength(1);
    const agreed = await again({ ...other, ...aside, consent: { ask: async () => 'approved' } });
    expect([agreed.headers.length, agreed.signed.length]).toEqual([2, 1]);
  });

  it('is sent again for the one it was made for, also where the rules would ask', async () => {
    const aside = { policy: async () => ({ ...(await scriptedPorts().ports.policy()), anySite: false }) };
    const { headers, result } = await again(aside);
    expect([result.kind, headers.length]).toEqual(['sent', 2]);
  });

  it('is sent for nobody on a site that is never paid', async () => {
    const sites = [{ site: REQUEST.purchase.site, rule: 'never' }] as const;
    const never = { policy: async () => ({ ...(await scriptedPorts().ports.policy()), sites }) };
    const { headers, result } = await again({ ...never, isOwn: async () => true });
    expect(result).toMatchObject({ kind: 'refused', verdict: { reason: 'site-blocked' } });
    expect(headers).toHaveLength(1);
  });
});
