// Checks the way to the API through a company's proxy, with the built program: nothing else reads NODE_EXTRA_CA_CERTS.
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/create-http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { systemClock } from '../../src/system-clock.ts';
import { runBuilt } from '../support/built.ts';
import { CERTIFICATE, startCompanyProxy } from '../support/company-proxy.ts';

describe('behind a proxy', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('%s leads to the API, and the proxy sees no word of it', async (name) => {
    const proxy = await startCompanyProxy();
    const env = { ...proxy.env, [name]: proxy.url, NODE_EXTRA_CA_CERTS: CERTIFICATE };
    const { code, stdout } = await runBuilt(['check', '--no-store'], { env: { HTTPS_PROXY: '', ...env } });
    expect([code, stdout]).toEqual([0, expect.stringContaining('https://api.example/')]);
    expect(new Set(proxy.tunnels)).toEqual(new Set(['api.example:443']));
    expect(proxy.seen()).not.toContain('Bearer');
    expect(proxy.seen()).not.toContain(proxy.env.PACHCA_TOKEN);
  });

  test('NO_PROXY leads past it', async () => {
    const proxy = await startCompanyProxy();
    const ask = async (noProxy: string) => {
      const http = createHttpClient({
        baseUrl: proxy.env.PACHCA_API_URL,
        token: () => proxy.env.PACHCA_TOKEN,
        proxy: { url: proxy.url, noProxy },
        userAgent: 'test',
        clock: systemClock,
        rateLimit: createRateLimit({ perSecond: 100, clock: systemClock }),
        retry: { maxAttempts: 1 },
      });
      onTestFinished(() => http.close());
      await expect(http.get('/audit_events', {})).rejects.toMatchObject({ code: 'network' });
    };
    await ask('intranet.test,.example');
    expect(proxy.tunnels).toEqual([]);
    await ask('intranet.test');
    expect(proxy.tunnels).toEqual(['api.example:443']);
  });

  test('a certificate that is not trusted is named with its way out, and not tried again', async () => {
    const proxy = await startCompanyProxy();
    const env = { ...proxy.env, HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: '' };
    const { code, stdout } = await runBuilt(['check', '--no-store'], { env });
    expect(code).toBe(4);
    expect(stdout).toContain('is not trusted by this machine');
    expect(stdout).toContain('NODE_EXTRA_CA_CERTS');
    // One for each thing that is asked.
    expect(proxy.tunnels.length).toBeLessThanOrEqual(2);
  });
});
