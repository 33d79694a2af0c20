import { expect, test } from 'vitest';
import { parseOptions, type ReaderOptions } from '../../../extension/reader/options.ts';
import { UsageError } from '../../../extension/reader/usage.ts';

const URL_ = 'https://example.com/a';
const KEY = 'ab'.repeat(32);

function parsed(...args: readonly string[]): ReaderOptions {
  const options = parseOptions(args);
  if (options === 'help') throw new Error('help was not asked for');
  return options;
}

function complaint(...args: readonly string[]): string {
  try {
    parseOptions(args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  throw new Error('There was no complaint.');
}

test('an address alone has the limits that the extension starts with, on every site', () => {
  expect(parsed(URL_)).toEqual({
    urls: [URL_],
    keyFile: null,
    rpcs: [],
    policy: {
      paused: false,
      autoPay: 100_000n,
      dayBudget: 2_000_000n,
      anySite: true,
      allowedSites: ['https://example.com'], // So that the parts of the page are paid as well.
    },
    waitFor: null,
    screenshot: null,
    timeoutSeconds: 60,
  });
});

test('every option is taken, and what is repeatable keeps its order', () => {
  const options = parsed(
    ...['--rpc', 'eip155:84532=http://127.0.0.1:1/?a=b', '--rpc=eip155:8453=https://rpc.example'],
    ...['--auto-pay', '0.000001', '--budget', '3', '--allow-site', 'https://a.example', URL_],
    ...['--allow-site', 'http://localhost:3000', '--wait-for', '#done', '--screenshot', 'a/b.png'],
    ...[
      '--timeout',
      '0.5',
      '--key-file',
      'key',
      '--then',
      'http://b.example',
      '--then',
      'http://c.example/#d',
    ],
  );
  expect(options).toEqual({
    urls: [URL_, 'http://b.example/', 'http://c.example/#d'],
    keyFile: 'key',
    rpcs: [
      { network: 'eip155:84532', url: 'http://127.0.0.1:1/?a=b' },
      { network: 'eip155:8453', url: 'https://rpc.example/' },
    ],
    policy: {
      paused: false,
      autoPay: 1n,
      dayBudget: 3_000_000n,
      anySite: false,
      allowedSites: ['https://a.example', 'http://localhost:3000'],
    },
    waitFor: '#done',
    screenshot: 'a/b.png',
    timeoutSeconds: 0.5,
  });
});

test.each([['--help'], ['-h'], [URL_, '--help']])('help is asked for by %s', (...args) => {
  expect(parseOptions(args)).toBe('help');
});

test('nothing at all may be paid: zero is a limit like any other', () => {
  expect(parsed(URL_, '--auto-pay', '0').policy.autoPay).toBe(0n);
});

test.each([
  [[], 'address of a page is missing'],
  [[URL_, URL_], 'One address is expected'],
  [['example.com'], 'The address must begin with http'],
  [['file:///etc/passwd'], 'The address must begin with http'],
  [['http://'], 'The address must begin with http'],
  [[URL_, '--then', 'javascript:alert(1)'], '--then must begin with http'],
  [[URL_, '--bogus'], "Unknown option '--bogus'"],
  [[URL_, '--budget'], '--budget'],
  [[URL_, '--help=yes'], '--help'],
  [[URL_, '--auto-pay', '5¢'], '--auto-pay takes US dollars'],
  [[URL_, '--auto-pay=-1'], '--auto-pay takes US dollars'],
  [[URL_, '--auto-pay', '1e3'], '--auto-pay takes US dollars'],
  [[URL_, '--auto-pay', '0.0000001'], 'more than 6 digits'],
  [[URL_, '--budget', ''], '--budget takes US dollars'],
  [[URL_, '--rpc', 'https://rpc.example'], '--rpc takes a network and an address'],
  [[URL_, '--rpc', 'eip155:1'], '--rpc takes a network and an address'],
  [[URL_, '--rpc', 'eip155:4242=https://rpc.example'], 'names the network “eip155:4242”'],
  [[URL_, '--rpc', 'eip155:1=ws://rpc.example'], '--rpc must begin with http'],
  [[URL_, '--allow-site', 'example.com'], '--allow-site takes an origin'],
  [[URL_, '--allow-site', 'https://example.com/'], '--allow-site takes an origin'],
  [[URL_, '--allow-site', 'ftp://example.com'], '--allow-site takes an origin'],
  [[URL_, '--allow-site', 'https://a.example+'], '--allow-site takes an origin'],
  [[URL_, '--allow-site', 'https://a.example+b.example'], '--allow-site takes an origin'],
  [[URL_, '--allow-site', 'https://a.example+https://b.example+https://c.example'], '--allow-site takes'],
  [[URL_, '--timeout', '0'], '--timeout takes seconds'],
  [[URL_, '--timeout', 'soon'], '--timeout takes seconds'],
  [[URL_, '--timeout', '1e2'], '--timeout takes seconds'],
  [[URL_, '--timeout', '100000'], '--timeout takes seconds'],
  [[URL_, '--wait-for', ''], '--wait-for was given nothing'],
  [[URL_, '--key-file='], '--key-file was given nothing'],
])('%j is refused: %s', (args, sentence) => {
  expect(complaint(...args)).toContain(sentence);
});

test.each([[[KEY]], [[URL_, '--then', `0x${KEY}`]], [[URL_, '--rpc', KEY]], [[URL_, `--${KEY}`]]])(
  'a key in the wrong place is not repeated (%#)',
  (args) => {
    expect(complaint(...args)).not.toContain(KEY);
  },
);

test('--allow-site names a site, and another origin on its pages, and then no other is paid', () => {
  const { policy } = parsed(
    URL_,
    ...['--allow-site', 'https://a.example', '--allow-site', 'https://a.example+https://cdn.example'],
  );
  expect(policy).toMatchObject({
    anySite: false,
    allowedSites: ['https://a.example'],
    allowedOrigins: [{ site: 'https://a.example', origin: 'https://cdn.example' }],
  });
});
