// Bearer tokens: from a setting or a file, rotated without a restart, refused where others could read them.
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { bearerAuthentication, fileTokens, parseTokens } from '../../src/mcp/authenticate.ts';
import { startHttp } from '../support/http-fixture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { ask, modernCall } from '../support/raw-http.ts';

const OLD = 'old-token-0123456789';
const NEW = 'new-token-0123456789';
const list = modernCall('tools/list');

async function statusWith(url: string, token: string): Promise<number> {
  return (await ask(url, { ...list, headers: { ...list.headers, authorization: `Bearer ${token}` } })).status;
}

let path = '';
beforeEach(async () => {
  path = join(await temporaryFolder(), 'http-token');
  await writeFile(path, `${OLD}\n`, { mode: 0o600 });
});

async function served() {
  const clock = createInstantClock();
  const fixture = await startHttp({ authenticate: bearerAuthentication(fileTokens(path, clock)) });
  return { ...fixture, clock };
}

describe('a token file', () => {
  test('a rotated token works without a restart, and the old one does not', async () => {
    const { url, clock } = await served();
    expect([await statusWith(url, OLD), await statusWith(url, NEW)]).toEqual([200, 401]);
    await writeFile(`${path}.new`, NEW, { mode: 0o600 });
    await rename(`${path}.new`, path);
    clock.advance(1001);
    expect([await statusWith(url, OLD), await statusWith(url, NEW)]).toEqual([401, 200]);
  });

  test('while old and new stand in the file, both work', async () => {
    const { url, clock } = await served();
    await writeFile(path, `# rotated in March\nalice ${OLD}\r\n\nbob ${NEW}\n`);
    clock.advance(1001);
    expect([await statusWith(url, OLD), await statusWith(url, NEW)]).toEqual([200, 200]);
  });

  test.each([
    ['becomes readable for others', () => chmod(path, 0o644), 'can be read by other users'],
    ['is deleted', () => rm(path), 'can not be opened'],
    ['is emptied', () => writeFile(path, ' \n'), 'is empty'],
    ['holds a short token', () => writeFile(path, 'short'), 'shorter than 16 characters'],
  ])('nobody gets in while the file %s, and the log says why', async (_what, change, reason) => {
    const { url, clock, entries } = await served();
    expect(await statusWith(url, OLD)).toBe(200);
    await change();
    clock.advance(1001);
    expect(await statusWith(url, OLD)).toBe(503);
    expect(entries).toMatchObject([{ message: 'http_refused', status: 503, reason: expect.stringContaining(reason) }]);
    await writeFile(path, NEW);
    await chmod(path, 0o600);
    expect(await statusWith(url, NEW)).toBe(200);
  });

  test.each([0o640, 0o604, 0o660])('a file of mode %o is refused at the start', async (mode) => {
    await chmod(path, mode);
    const problem = { code: 'not_configured', hint: `Run: chmod 600 ${path}` };
    await expect(fileTokens(path, createInstantClock())()).rejects.toMatchObject(problem);
  });
});

test('a token is never in the error that refuses it, nor kept in clear', () => {
  expect(() => parseTokens('bad name tok en')).toThrow(/^(?!.*tok en)/u);
  expect(() => parseTokens('hunter2')).toThrow(/^(?!.*hunter2)/u);
  expect(JSON.stringify(parseTokens(OLD))).not.toContain(OLD);
});
