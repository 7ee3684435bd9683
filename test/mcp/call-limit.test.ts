// Tests that a call ends at its deadline, and only then.
import { describe, expect, test } from 'vitest';
import { withinLimit } from '../../src/mcp/call-limit.ts';

/** Waits for ever, as a request to a server that says nothing does. */
const hang = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
const quiet = new AbortController().signal;
/** Long before now, grace included. */
const PAST_MS = -1_000_000;

describe('a call', () => {
  test('that hangs past its deadline ends with an error that says so', async () => {
    await expect(withinLimit(PAST_MS, quiet, hang)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('no answer'),
    });
  });

  test('that answers is not touched, and one that fails keeps its own error', async () => {
    expect(await withinLimit(PAST_MS, quiet, () => Promise.resolve('answer'))).toBe('answer');
    const failed = withinLimit(60_000, quiet, () => Promise.reject(new Error('its own')));
    await expect(failed).rejects.toThrow('its own');
  });

  test('that is cancelled ends with the reason of its caller', async () => {
    const caller = new AbortController();
    const call = withinLimit(60_000, caller.signal, hang);
    caller.abort(new Error('not wanted any more'));
    await expect(call).rejects.toThrow('not wanted any more');
  });

  test('that was cancelled before it began is told so at once', async () => {
    const reason = new Error('gone');
    const seen = withinLimit(60_000, AbortSignal.abort(reason), (signal) => Promise.resolve(signal.reason));
    expect(await seen).toBe(reason);
  });
});
