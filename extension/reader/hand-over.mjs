import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `command` in this process's place: it gets the terminal and every signal, and this process ends as it does.
 *
 * @param {string} command path of an executable
 * @param {readonly string[]} args
 */
export function handOver(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  for (const name of SIGNALS) process.on(name, pass);
  child.on('error', ({ message }) => {
    process.stderr.write(`${command} could not be started: ${message}\n`);
    process.exit(4); // As when setup fails.
  });
  child.on('exit', (code, signal) => {
    for (const name of SIGNALS) process.off(name, pass);
    if (signal === null) process.exit(code);
    process.kill(process.pid, signal);
  });
}
