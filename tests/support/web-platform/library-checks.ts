import type { Check } from './check.ts';
import { failure } from './check.ts';

/** What the checks use of axios, which the page has loaded by a script element. */
type Axios = (config: object) => Promise<{ status: number; data: unknown; config: object }>;

declare global {
  interface Window {
    axios: Axios & {
      isAxiosError(error: unknown): error is { code: string; response?: { status: number; data: unknown } };
    };
  }
}

const ADAPTERS = ['xhr', 'fetch'] as const;

async function ask(config: object): Promise<unknown> {
  try {
    const { status, data } = await window.axios(config);
    return { status, data };
  } catch (error) {
    if (!window.axios.isAxiosError(error)) return failure(() => Promise.reject(error));
    return { code: error.code, status: error.response?.status, data: error.response?.data };
  }
}

/** A client that people use, through both of its ways to the network. */
export const libraryChecks: readonly Check[] = ADAPTERS.flatMap((adapter): Check[] => [
  [`${adapter}: JSON`, () => ask({ adapter, url: '/json' })],
  [
    `${adapter}: POST`,
    () => ask({ adapter, method: 'post', url: '/echo', data: { a: 1 }, headers: { 'X-One': 'a' } }),
  ],
  [
    `${adapter}: a form`,
    async () => {
      const data = new FormData();
      data.set('name', 'tide table');
      return JSON.stringify(await ask({ adapter, method: 'post', url: '/length', data })).replaceAll(
        /Boundary\w+/g,
        '',
      );
    },
  ],
  [
    `${adapter}: kinds of answers`,
    async () => [
      await ask({ adapter, url: '/text', responseType: 'text' }),
      JSON.stringify(await ask({ adapter, url: '/bytes', responseType: 'arraybuffer' })),
    ],
  ],
  [`${adapter}: not found`, () => ask({ adapter, url: '/status?is=404' })],
  [`${adapter}: plain 402`, () => ask({ adapter, url: '/plain-402' })],
  [
    `${adapter}: plain 402 of a POST`,
    () => ask({ adapter, method: 'post', url: '/json-402', data: { a: 1 } }),
  ],
  [
    `${adapter}: 402 taken as an answer`,
    () => ask({ adapter, url: '/json-402', validateStatus: () => true }),
  ],
  [`${adapter}: a time limit`, () => ask({ adapter, url: '/never', timeout: 100 })],
  [
    `${adapter}: given up`,
    () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      return ask({ adapter, url: '/never', signal: controller.signal });
    },
  ],
  [`${adapter}: nobody there`, () => ask({ adapter, url: 'http://127.0.0.1:1/' })],
  [
    `${adapter}: progress`,
    async () => {
      const ends: number[] = [];
      const note = ({ progress }: { progress?: number }) => ends.push(progress ?? -1);
      const answer = await ask({
        adapter,
        method: 'post',
        url: '/length',
        data: 'x'.repeat(1_000),
        onUploadProgress: note,
      });
      return [answer, ends.at(-1)];
    },
  ],
]);
