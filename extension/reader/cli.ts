import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sentenceOf } from 'tuppence/core';
import { parseOptions, type ReaderOptions } from './options.ts';
import { EXIT } from './outcome.ts';
import { type ReaderKey, readKey } from './private-key.ts';
import { run } from './run.ts';
import { USAGE, UsageError } from './usage.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);

process.exitCode = await main();
// Only when something keeps the process alive that should have ended, such as a browser that will not close.
setTimeout(() => process.exit(), 2_000).unref();

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options === 'help') {
      say(USAGE);
      return EXIT.readable;
    }
    return await run(options, await prepared(options), say);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      say(sentenceOf(error));
      return EXIT.unreadable;
    }
    say(`${error.message}\n\n${USAGE}`);
    return EXIT.badUsage;
  }
}

/** What can go wrong before a browser is needed, so that it goes wrong at once. @throws {UsageError} */
async function prepared({ keyFile, screenshot }: ReaderOptions): Promise<ReaderKey> {
  if (screenshot !== null) await makeFolderOf(screenshot);
  return readKey(keyFile, process.env);
}

async function makeFolderOf(file: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
  } catch (error) {
    throw new UsageError(`The folder for --screenshot could not be made: ${sentenceOf(error)}`);
  }
}
