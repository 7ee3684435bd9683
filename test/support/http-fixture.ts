// Owns a server over HTTP for tests: real sockets on loopback, everything else injectable.
import { onTestFinished } from 'vitest';
import type { LogFields } from '../../src/log.ts';
import { LOOPBACK_NAMES } from '../../src/mcp/http-guard.ts';
import { serveOverHttp, type HttpOptions, type HttpServing } from '../../src/mcp/http.ts';
import { systemClock } from '../../src/system-clock.ts';
import { fixtureFactory } from './tool-parts.ts';

export interface HttpFixture extends HttpServing {
  /** What was logged. */
  readonly entries: Record<string, unknown>[];
}

/** Starts on any free port; closed when the test ends. */
export async function startHttp(options: Partial<HttpOptions> = {}, factory = fixtureFactory()): Promise<HttpFixture> {
  const entries: Record<string, unknown>[] = [];
  const keep = (message: string, fields: LogFields = {}) => void entries.push({ message, ...fields });
  const serving = await serveOverHttp(factory, {
    host: '127.0.0.1',
    port: 0,
    names: { allowedHosts: LOOPBACK_NAMES, allowedOrigins: LOOPBACK_NAMES },
    checkReady: () => Promise.resolve(),
    clock: systemClock,
    log: { info: keep, warn: keep, error: keep },
    ...options,
  });
  onTestFinished(() => serving.close(0));
  return { ...serving, entries };
}
