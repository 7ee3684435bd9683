// The HTTP server as a process: what SIGTERM does to it.
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { bundle, start } from '../support/bundle.ts';
import { ask, legacyCall, modernCall } from '../support/raw-http.ts';

async function started(graceMs: number) {
  return start(await bundle(join(import.meta.dirname, '../support/http-server.ts')), [String(graceMs)]);
}

/** Resolves when `word` was said on `stream`. */
async function said(stream: Readable | null, word: string): Promise<void> {
  await new Promise<void>((resolve) => {
    stream?.on('data', (text: string) => {
      if (text.includes(word)) resolve();
    });
  });
}

describe('SIGTERM', () => {
  test('during a call lets the call end, and the process with exit code 0', async () => {
    const server = await started(60_000);
    const url = await server.firstLine;
    const inWork = said(server.process.stdout, 'called');
    const answer = ask(url, modernCall('tools/call', { name: 'wait' }));
    await inWork;
    const stopping = said(server.process.stderr, 'http_stopping');
    server.process.kill('SIGTERM');
    await stopping;
    server.process.stdin?.end();
    expect((await answer).body).toContain('"waited":true');
    expect(await server.ended).toMatchObject({
      code: 0,
      signal: null,
      stderr: expect.stringContaining('http_stopped'),
    });
  });

  test('during a call that does not end cancels it after the grace, with exit code 0', async () => {
    const server = await started(50);
    const url = await server.firstLine;
    const inWork = said(server.process.stdout, 'called');
    const answer = ask(url, legacyCall('tools/call', { name: 'wait' })).catch(() => undefined);
    await inWork;
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
    expect((await answer)?.body ?? '').not.toContain('waited');
  });

  test('without calls ends at once with exit code 0, and no stack of an error', async () => {
    const server = await started(60_000);
    await server.firstLine;
    server.process.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/ {2}at |Error/u);
  });
});
