// Tests what goes to stdout, what to stderr, and where there is colour.
import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { createTerminal } from '../../src/commands/terminal.ts';

/** A stream that says of itself that a person watches, or not, and keeps what it was given. */
function stream(isTTY: boolean) {
  const through = new PassThrough();
  let text = '';
  through.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const keeper = Object.assign(Object.create(WriteStream.prototype), {
    isTTY,
    columns: 100,
    write: (chunk: string) => through.write(chunk),
  });
  return { stream: keeper, text: () => text };
}

function terminal({ isTTY, isPlain }: { isTTY: boolean; isPlain: boolean }) {
  const [out, err] = [stream(isTTY), stream(isTTY)];
  return { ...createTerminal({ stdout: out.stream, stderr: err.stream, isPlain }), written: out.text, said: err.text };
}

describe('a terminal', () => {
  test('gets colour', () => {
    const { paint, isWatched } = terminal({ isTTY: true, isPlain: false });
    expect(paint('high', 'HIGH')).toBe('\u001B[31mHIGH\u001B[39m');
    expect(isWatched).toBe(true);
  });

  test.each([
    ['a pipe', { isTTY: false, isPlain: false }],
    ['NO_COLOR or CI', { isTTY: true, isPlain: true }],
  ])('%s gets neither colour nor a bar', (_what, kind) => {
    const { paint, progressBar, said } = terminal(kind);
    expect(paint('critical', 'CRITICAL')).toBe('CRITICAL');
    const bar = progressBar();
    bar.update(0.5, 'half');
    bar.stop();
    expect(said()).toBe('');
  });

  test('writes what was asked for to stdout and all else to stderr, a line each', () => {
    const { out, err, written, said } = terminal({ isTTY: false, isPlain: false });
    out('asked for');
    err('about it');
    expect([written(), said()]).toEqual(['asked for\n', 'about it\n']);
  });
});
