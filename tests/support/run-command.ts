import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a command ended, and everything that it said. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs one of the repository's scripts with this Node, as a reader's shell would.
 *
 * @param environment what differs from this process's; `undefined` leaves a variable out
 * @param meanwhile is called once it runs, and may send it a signal
 */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  meanwhile: (kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ran> {
  const { READER_PRIVATE_KEY: _key, ...inherited } = process.env;
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...inherited, ...environment } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  meanwhile((signal) => child.kill(signal));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
