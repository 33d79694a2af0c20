import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';

/**
 * What goes wrong: the connection breaks before or after the work is done, the work is done and the answer held back
 * until nobody waits for it any more, or another answer comes.
 */
export type Fault = {
  readonly on: '/verify' | '/settle' | '/supported';
  readonly how: 'break' | 'break after' | 'hold back' | { readonly answer: unknown };
};

/** A facilitator that passes everything on to a real one, but for what is told to go wrong. */
export type FaultyFacilitator = Loopback & { fault: Fault | null };

/** @param origin of the real facilitator. */
export async function startFaultyFacilitator(origin: string): Promise<FaultyFacilitator> {
  const state: { fault: Fault | null } = { fault: null };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '/', method = 'GET' } = request;
    const fault = state.fault?.on === url ? state.fault.how : null;
    const sent = method === 'GET' ? {} : { body: await text(request), headers: JSON_TYPE };
    if (fault === 'break') {
      request.socket.destroy();
      return;
    }
    const body =
      typeof fault === 'object' && fault !== null ? null : await passOn(origin + url, { method, ...sent });
    if (fault === 'hold back') return; // The connection ends when the server's patience does.
    if (fault === 'break after') request.socket.destroy();
    else response.writeHead(200, JSON_TYPE).end(body ?? answerOf(fault));
  };
  const server = await listenOnLoopback((request, response) => void handle(request, response));
  return Object.assign(state, server);
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function passOn(url: string, init: RequestInit): Promise<string> {
  return (await fetch(url, init)).text();
}

function answerOf(fault: Fault['how'] | null): string {
  return typeof fault === 'object' && fault !== null ? JSON.stringify(fault.answer) : '';
}
