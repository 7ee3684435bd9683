// Checks for the whole program, as a user starts it, where the token never is, though the API says it back.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { plainEvents } from '../src/simulator/plain-events.ts';
import { BUILT, cleanEnv, ROOT, runBuilt } from './support/built.ts';
import { sendJson, startLocalServer } from './support/local-server.ts';
import { connectClient } from './support/mcp-clients.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const CANARY = 'canary-Zq7xW0v9KpL3mN8rT2sY6uB1';
const HIDDEN_FORMS = [
  CANARY,
  encodeURIComponent(CANARY),
  Buffer.from(CANARY).toString('base64').replace(/=+$/u, ''),
  Buffer.from(`Bearer ${CANARY}`).toString('base64').replace(/=+$/u, ''),
];
/** What stands where the token was. */
const BLOTTED = /\[redacted\]|<token>/u;
const HOUR_MS = 3_600_000;

/** An API that says the token back wherever there is room for text. */
async function startEchoingApi(status: number) {
  const now = Date.now();
  const echo = `Bearer ${CANARY} and canary\u200B-Zq7xW0v9KpL3mN8rT2sY6uB1`;
  const events = [...plainEvents({ count: 120, startMs: now - HOUR_MS, endMs: now - 60_000 })].toReversed();
  const said = { errors: [{ key: CANARY, value: echo, message: echo, code: CANARY, payload: echo }], error: echo };
  return startLocalServer(({ url }, response) => {
    const headers = { 'x-request-id': CANARY };
    if (url.pathname === '/oauth/token/info') {
      const data = { name: echo, token: CANARY, user_id: 1000, scopes: ['audit_events:read', 'users:read', echo] };
      sendJson(response, 200, { data }, headers);
    } else if (status !== 200) sendJson(response, status, { ...said, error_description: echo }, headers);
    else if (url.pathname.startsWith('/users')) sendJson(response, 422, said, headers);
    else {
      const spoken = events.slice(0, 50).map((event) => ({ ...event, user_agent: echo, details: { [CANARY]: echo } }));
      sendJson(response, 200, { data: spoken, meta: { paginate: { next_page: echo, has_next: false } } }, headers);
    }
  });
}

function expectNoCanary(text: string): void {
  for (const form of HIDDEN_FORMS) expect(text).not.toContain(form);
  // What a hidden character broke up is whole again once it is cleaned.
  expect(text.replaceAll(/[\u200B-\u200D]/gu, '')).not.toContain(CANARY);
}

/** Everything below `folder`, names and contents. */
async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${path}\n${entry.isFile() ? await readFile(path, 'latin1') : ''}`;
  });
  return (await Promise.all(texts)).join('\n');
}

async function canaryEnv(url: string): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  return {
    PACHCA_TOKEN: CANARY,
    PACHCA_API_URL: url,
    XDG_DATA_HOME: folder,
    PACHCA_AUDIT_EXPORT_DIR: join(folder, 'x'),
  };
}

// Many starts of the program in one test: more than half a minute on a machine with other work.
describe('the token', () => {
  test.each([200, 401, 422])(
    'is in nothing that the commands write where the API says it back with %i',
    async (status) => {
      const api = await startEchoingApi(status);
      const env = await canaryEnv(api.url);
      let written = '';
      for (const args of [
        ['check'],
        ['suspicious'],
        ['suspicious', '--json', '--start', 'now-2h'],
        ['suspicious', '--lang', 'ru'],
      ]) {
        const { stdout, stderr } = await runBuilt(args, { env });
        written += stdout + stderr;
      }
      // The API's words do come through, without the token in them.
      expect(written).toMatch(BLOTTED);
      expectNoCanary(written);
      // What the log holds is exported as it is; what the program adds to it is not the token.
      const exported = await runBuilt(['export', '--start', 'now-2h', '--end', 'now-90m'], { env });
      expectNoCanary(exported.stdout + exported.stderr + (await everythingIn(env['XDG_DATA_HOME'] ?? '')));
      expect(api.requests.some(({ headers }) => headers.authorization === `Bearer ${CANARY}`)).toBe(true);
    },
  );

  test.each([200, 403])(
    'is in no answer and no log line of the server where the API says it back with %i',
    async (status) => {
      const api = await startEchoingApi(status);
      const env = await canaryEnv(api.url);
      let stderr = '';
      const client = await connectClient('2025', {
        command: process.execPath,
        args: [BUILT],
        env: cleanEnv(env),
        cwd: ROOT,
        onStderr: (text) => (stderr += text),
      });
      const calls: [string, Record<string, unknown>][] = [
        ['check_access', {}],
        ['list_audit_events', { start_time: 'now-2h' }],
        ['list_audit_events', { start_time: 'now-2h', response_format: 'detailed' }],
        ['list_audit_events', { actor: CANARY }],
        ['list_audit_events', { cursor: CANARY, [CANARY]: CANARY }],
        ['aggregate_audit_events', { start_time: 'now-2h', group_by: ['client'] }],
        ['find_people', { query: CANARY }],
        ['export_audit_window', { file_name: `${CANARY}/../x` }],
        ['find_suspicious_logins', { start_time: 'now-2h', baseline_days: 0 }],
        [CANARY, {}],
      ];
      const answers = [];
      for (const [name, input] of calls) {
        answers.push(await client.call(name, input).catch((error: unknown) => String(error)));
      }
      await client.close();
      expect(JSON.stringify(answers)).toMatch(BLOTTED);
      // The name of a tool that nobody knows is what the client itself sent.
      expectNoCanary(JSON.stringify(answers.slice(0, -1)) + stderr);
    },
  );

  test('is in no line of a crash', async () => {
    const folder = await temporaryFolder();
    const bomb = join(folder, 'bomb.mjs');
    await writeFile(
      bomb,
      // Goes off once the program listens for crashes, however slowly it starts.
      `const wait = setInterval(() => {
        if (process.listenerCount('uncaughtException') === 0) return;
        clearInterval(wait);
        const { PACHCA_TOKEN } = process.env;
        throw new Error('boom ' + PACHCA_TOKEN, { cause: { authorization: 'Bearer ' + PACHCA_TOKEN } });
      }, 1);`,
    );
    const env = { ...(await canaryEnv('http://127.0.0.1:9')), NODE_OPTIONS: `--import=${pathToFileURL(bomb).href}` };
    const crashed = await runBuilt(['suspicious'], { env });
    expect([crashed.code, crashed.stdout]).toEqual([1, '']);
    expect(crashed.stderr).toContain('boom');
    expectNoCanary(crashed.stderr);
  });

  test.each([
    ['on the command line', ['check', `--token=${CANARY}`], {}],
    ['as an unknown option', ['check', `--tokn=${CANARY}`], {}],
    ['as a setting of another name', ['check', '--rate', CANARY], {}],
    ['with a URL that is refused', ['check'], { PACHCA_API_URL: `https://user:${CANARY}@example.com` }],
    ['with a space in it', ['check'], { PACHCA_TOKEN: `${CANARY} x` }],
  ])('is not shown when it stands %s', async (_where, args, env) => {
    const refused = await runBuilt(args, { env: { ...(await canaryEnv('http://127.0.0.1:9')), ...env } });
    expect(refused.code).toBe(2);
    expectNoCanary(refused.stdout + refused.stderr);
  });
});
