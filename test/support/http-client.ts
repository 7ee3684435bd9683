// Owns an HTTP client of tests with a token that must never be shown, and the failure of a call.
import { onTestFinished } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { createHttpClient, type HttpClientOptions } from '../../src/http/create-http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createInstantClock } from './instant-clock.ts';

export const TOKEN = 'canary-token-0123456789';

export function clientOf(url: string, options: Partial<HttpClientOptions> = {}) {
  const clock = options.clock ?? createInstantClock();
  const client = createHttpClient({
    baseUrl: `${url}/api/v1`,
    token: () => TOKEN,
    userAgent: 'test/1',
    clock,
    rateLimit: createRateLimit({ perSecond: 1000, clock }),
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

export async function failureOf(call: Promise<unknown>): Promise<AuditError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AuditError) return error;
  throw new Error(`no AuditError: ${String(error)}`);
}
