import { styleText } from 'node:util';

/** Lines for a person: what happens now, and what came of it. */
export type Terminal = {
  title(text: string): void;
  line(text?: string): void;
  /** A fact under its label, aligned with those around it. */
  fact(label: string, value: string): void;
  /** Shows that something is going on until `work` is done, and then how long that took. */
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  pass(text: string): void;
  fail(text: string): void;
};

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
type Style = Parameters<typeof styleText>[0];

const LABEL_WIDTH = 13;
const STEP_WIDTH = 46;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_TIME = 80;
/** Milliseconds after which a log, too, says what is going on. */
const PATIENCE = 800;

/**
 * A terminal, or a file that gets the same words: colours and moving parts only where a person looks on, and no
 * colours where NO_COLOR is set.
 */
export function createTerminal(output: Output): Terminal {
  const isLive = output.isTTY === true;
  const isPlain = !isLive || (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  const paint = (style: Style, text: string) =>
    isPlain ? text : styleText(style, text, { validateStream: false });
  const print = (text: string) => output.write(`${text}\n`);
  const pass = (text: string) => print(`  ${paint('green', '✓')} ${text}`);
  const fail = (text: string) => print(`  ${paint('red', '✗')} ${text}`);

  /** Shows `what` as going on. @returns a function that takes it away again */
  const progress = (what: string): (() => void) => {
    if (!isLive) {
      const timer = setTimeout(() => print(`  … ${what}`), PATIENCE);
      return () => clearTimeout(timer);
    }
    let frame = 0;
    const draw = () => {
      output.write(`\r\u001b[K  ${paint('cyan', FRAMES[frame++ % FRAMES.length] ?? '')} ${what}`);
    };
    draw();
    const timer = setInterval(draw, FRAME_TIME);
    return () => {
      clearInterval(timer);
      output.write('\r\u001b[K');
    };
  };

  return {
    title: (text) => print(`\n${paint('bold', text)}`),
    line: (text = '') => print(text),
    fact: (label, value) => print(`    ${paint('dim', label.padEnd(LABEL_WIDTH))}${value}`),
    pass,
    fail,
    async step(what, work) {
      const done = progress(what);
      const start = performance.now();
      try {
        const result = await work();
        done();
        pass(`${what.padEnd(STEP_WIDTH)}${paint('dim', secondsSince(start))}`);
        return result;
      } catch (error) {
        done();
        fail(what);
        throw error;
      }
    },
  };
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
