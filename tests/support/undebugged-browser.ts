import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Reply, Sent } from '../../extension/messaging/ask-background.ts';
import type { OwnKind, OwnMessages } from '../../extension/messaging/own-messages.ts';
import { findChromium } from '../../extension/reader/chromium.mjs';
import { flags, HEADLESS, NoChromiumError } from '../../extension/reader/launch.ts';
import { until } from './reader.ts';

/** What is needed of the DevTools protocol. */
type Answer = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
};
type Targets = { readonly targetInfos: readonly { readonly targetId: string; readonly url: string }[] };
type Evaluated = {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly exception?: { readonly description?: string };
    readonly text: string;
  };
};

/**
 * A Chromium with the built extension, whose tabs no debugger is attached to: where one is, as Playwright's, nothing
 * is ever prerendered. Everything is done by scripts in the extension's welcome page, which is attached to alone.
 */
export type UndebuggedBrowser = {
  /** Value of a script in the welcome page, which has the browser's interfaces for extensions. */
  evaluate(script: string): Promise<unknown>;
  ask<Kind extends OwnKind>(kind: Kind, input: Sent): Promise<OwnMessages[Kind]['output']>;
  close(): Promise<void>;
};

/** @throws {NoChromiumError} */
export async function startUndebugged(): Promise<UndebuggedBrowser> {
  const chromium = await findChromium();
  if (chromium === null) throw new NoChromiumError();
  const profile = await mkdtemp(join(tmpdir(), 'tuppence-undebugged-'));
  const own = [`--user-data-dir=${profile}`, '--remote-debugging-port=0', ...HEADLESS];
  const process = spawn(chromium, [...own, ...flags()], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(process, 'exit');
  const close = async () => {
    process.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const call = await connect(await addressIn(process.stderr));
    const evaluate = await evaluatorOf(call);
    return {
      evaluate,
      async ask(kind, input) {
        const message = JSON.stringify({ ...input, kind });
        // Holds: both ends are this build.
        const reply = (await evaluate(`chrome.runtime.sendMessage(${message})`)) as Reply;
        if ('error' in reply) throw new Error(reply.error.message);
        return reply.value as OwnMessages[typeof kind]['output'];
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the browser says of its debugging port when it starts. */
async function addressIn(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
  }
  throw new Error('The browser ended before it listened.');
}

type Call = (method: string, params: object, sessionId?: string) => Promise<unknown>;

async function connect(address: string): Promise<Call> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer: Answer = JSON.parse(String(data));
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  return async (method, params, sessionId) => {
    const id = waiting.size;
    const { result, error } = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}

async function evaluatorOf(call: Call): Promise<UndebuggedBrowser['evaluate']> {
  const welcome = async () =>
    ((await call('Target.getTargets', {})) as Targets).targetInfos.find(({ url }) =>
      /^chrome-extension:.*\/welcome\.html$/.test(url),
    );
  const target = await until(welcome, (found) => found !== undefined, 'the welcome page is open');
  const attached = await call('Target.attachToTarget', { targetId: target?.targetId, flatten: true });
  const { sessionId } = attached as { sessionId: string };
  const evaluate = async (expression: string) => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await call('Runtime.evaluate', params, sessionId)) as Evaluated;
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const isReady = () => evaluate("document.readyState === 'complete' && chrome.runtime !== undefined");
  await until(isReady, (ready) => ready === true, 'the welcome page is loaded');
  return evaluate;
}
