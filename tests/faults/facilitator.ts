import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';

/** What the facilitator does to the next settlement (or, where it says so, verification). */
export type FacilitatorFault =
  | 'none'
  | 'verify-500'
  | 'verify-silent'
  | 'settle-500'
  | 'settle-silent'
  | 'settles-and-loses-the-answer'
  | 'settles-and-answers-500'
  | 'settles-twice'
  | 'settles-late';

export type FaultyFacilitator = Loopback & {
  fault: FacilitatorFault;
  /** Resolves once every settlement that was put off is done. */
  late(): Promise<void>;
};

/** Milliseconds that a silent facilitator keeps a server waiting, and that a late one takes. */
const SILENCE = 400;
const LATENESS = 400;

/** A facilitator between servers and the real one, which fails in the ways that real ones fail. */
export async function startFaultyFacilitator(origin: string): Promise<FaultyFacilitator> {
  const pending = new Set<Promise<unknown>>();
  const state = { fault: 'none' as FacilitatorFault };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '/', method = 'GET' } = request;
    const body = method === 'GET' ? null : await text(request);
    const pass = () => passOn(origin + url, method, body);
    const say = (status: number, content: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(content);
    const fault = url === '/settle' || state.fault.startsWith('verify') ? state.fault : 'none';
    const applies = url === '/settle' ? !fault.startsWith('verify') : url === '/verify';
    switch (applies ? fault : 'none') {
      case 'verify-500':
      case 'settle-500':
        return say(500, '{"error":"out of order"}');
      case 'verify-silent':
      case 'settle-silent':
        return setTimeout(() => request.socket.destroy(), SILENCE);
      case 'settles-and-loses-the-answer':
        await pass();
        return request.socket.destroy();
      case 'settles-and-answers-500':
        await pass();
        return say(500, '{"error":"out of order"}');
      case 'settles-twice': {
        const [first] = await Promise.all([pass(), pass()]);
        return say(200, first);
      }
      case 'settles-late': {
        const late = new Promise((resolve) => setTimeout(resolve, LATENESS)).then(pass);
        pending.add(late);
        return say(500, '{"error":"took too long"}');
      }
      case 'none':
        return say(200, await pass());
    }
  };
  const server = await listenOnLoopback((request, response) => void answer(request, response));
  return Object.assign(state, server, { late: async () => void (await Promise.allSettled(pending)) });
}

async function passOn(url: string, method: string, body: string | null): Promise<string> {
  const content = body === null ? {} : { body, headers: { 'content-type': 'application/json' } };
  return (await fetch(url, { method, ...content })).text();
}
