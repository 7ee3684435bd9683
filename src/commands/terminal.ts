// Owns the terminal: stdout for what was asked for, stderr for all else; colour and a bar only where a person looks.
import { styleText } from 'node:util';
import type { Severity } from '../detect/detector.ts';

export interface Terminal {
  /** A person reads stdout, and no program. */
  readonly isWatched: boolean;
  /** A line of what was asked for. */
  out(line: string): void;
  /** A line about it. */
  err(line: string): void;
  paint(style: 'bold' | 'dim' | Severity, text: string): string;
  progressBar(): { update(fraction: number, message: string): void; stop(): void };
}

export interface TerminalStreams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** False for NO_COLOR and CI. */
  readonly isPlain: boolean;
}

const STYLES = {
  bold: 'bold',
  dim: 'dim',
  low: 'dim',
  medium: 'yellow',
  high: 'red',
  critical: ['red', 'bold'],
} as const satisfies Record<Parameters<Terminal['paint']>[0], Parameters<typeof styleText>[0]>;

const BAR_STEPS = 1000;

function createBar(stderr: NodeJS.WriteStream): ReturnType<Terminal['progressBar']> {
  // Loaded when a bar is drawn: the server never needs it.
  const loading = import('cli-progress').then(({ default: { SingleBar, Presets } }) => {
    const options = {
      format: '{bar} {percentage} % {message}',
      stream: stderr,
      hideCursor: true,
      clearOnComplete: true,
    };
    const bar = new SingleBar(options, Presets.shades_classic);
    bar.start(BAR_STEPS, 0, { message: '' });
    return bar;
  });
  const use = (act: (bar: Awaited<typeof loading>) => void): void => {
    loading.then(act).catch(() => undefined);
  };
  return {
    update: (fraction, message) => use((bar) => bar.update(Math.round(fraction * BAR_STEPS), { message })),
    stop: () => use((bar) => bar.stop()),
  };
}

export function createTerminal({ stdout, stderr, isPlain }: TerminalStreams): Terminal {
  const hasColour = stdout.isTTY && !isPlain;
  const hasBar = stderr.isTTY && !isPlain;
  return {
    isWatched: stdout.isTTY,
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    paint: (style, text) => (hasColour ? styleText(STYLES[style], text, { validateStream: false }) : text),
    progressBar: () => (hasBar ? createBar(stderr) : { update: () => undefined, stop: () => undefined }),
  };
}
