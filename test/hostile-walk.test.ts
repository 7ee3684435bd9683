// Walks every tool, resource, prompt, log line and error of the built program over a company whose every text is hostile.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../src/simulator/server.ts';
import { OWNER_SCOPES } from '../src/simulator/tokens.ts';
import { PROMPTS } from '../src/mcp/prompts.ts';
import { RESOURCES } from '../src/mcp/resources.ts';
import { TOOLS } from '../tools/index.ts';
import { BUILT, cleanEnv, runBuilt } from './support/built.ts';
import { forbiddenCharacters, HOSTILE_CORPUS } from './support/hostile-corpus.ts';
import { HONEST_DETAIL, HOSTILE_ACTOR, hostileEvents, hostileUsers, stringsIn } from './support/hostile-world.ts';
import { connectClient, type TestClient } from './support/mcp-clients.ts';
import { sendJson, startLocalServer } from './support/local-server.ts';

const TOKEN = 'hostile-world-token-000000000001';
const NOW_MS = Date.now();

/** Strings of `value` that hold what no answer may hold; `lines` lets line feeds through. */
function unclean(value: unknown, lines = false): string[] {
  return stringsIn(value).filter((text) => forbiddenCharacters(lines ? text.replaceAll('\n', '') : text).length > 0);
}

/** What a JSON text says, and the text itself. */
function opened(text: string): unknown {
  try {
    return [text, JSON.parse(text)];
  } catch {
    return text;
  }
}

// Real processes and a hundred texts each: far slower than one test is used to be.
describe('hostile text', () => {
  let simulator: Simulator;
  let client: TestClient;
  let folder: string;
  let stderr = '';
  let env: Record<string, string>;

  beforeAll(async () => {
    simulator = await startSimulator({
      events: hostileEvents(NOW_MS),
      users: hostileUsers(NOW_MS),
      rateLimit: null,
      tokens: [
        {
          token: TOKEN,
          name: HOSTILE_CORPUS.map(({ text }) => text).join(' '),
          scopes: [...OWNER_SCOPES, ...HOSTILE_CORPUS.map(({ text }) => text)],
        },
      ],
    });
    folder = await mkdtemp(join(tmpdir(), 'pachca-audit-hostile-'));
    env = cleanEnv({
      PACHCA_API_URL: simulator.url,
      PACHCA_TOKEN: TOKEN,
      PACHCA_AUDIT_ALERT_TO: '1000',
      XDG_DATA_HOME: folder,
      PACHCA_AUDIT_EXPORT_DIR: join(folder, 'exports'),
    });
    client = await connectClient('2026 auto', {
      command: process.execPath,
      args: [BUILT],
      env,
      onStderr: (text) => {
        stderr += text;
      },
    });
  });
  afterAll(async () => {
    await client.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = { start_time: 'now-2d' };
  const CALLS: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
    list_audit_events: [
      { ...start, limit: 200 },
      { ...start, limit: 60, response_format: 'detailed' },
      ...HOSTILE_CORPUS.map(({ text }) => ({ ...start, entity_id: text, chat_id: text, limit: 1 })),
    ],
    aggregate_audit_events: [
      { ...start, group_by: ['actor', 'client'], top: 100 },
      { ...start, group_by: ['entity', 'ip_address'], top: 100 },
      { ...start, group_by: ['event_key', 'chat'], top: 100 },
    ],
    find_suspicious_logins: [{ ...start, max_findings: 100 }],
    find_risky_changes: [{ ...start, max_findings: 100 }],
    investigate_actor: [{ ...start, actor: HOSTILE_ACTOR }],
    follow_audit_events: [{ ...start, limit: 200 }],
    export_audit_window: [{ ...start, file_name: 'hostile.ndjson' }],
    find_people: HOSTILE_CORPUS.slice(0, 8).map(({ text }) => ({ query: `Иванов ${text}`, limit: 100 })),
    check_access: [{}],
    send_security_alert: HOSTILE_CORPUS.map(({ text }) => ({ recipient: '1000', message: `Иванов: ${text}` })),
  };

  test('is there to be cleaned: the log as it is would not pass', () => {
    expect(unclean(hostileEvents(NOW_MS)).length).toBeGreaterThan(500);
    expect(HOSTILE_CORPUS.length).toBeGreaterThanOrEqual(60);
    expect(Object.keys(CALLS).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted());
  });

  test.each(Object.keys(CALLS).filter((name) => name !== 'send_security_alert'))('leaves %s clean', async (name) => {
    for (const input of CALLS[name] ?? []) {
      const result = await client.call(name, input);
      expect(result.isError).not.toBe(true);
      expect(unclean([result, ...result.content.map(({ text = '' }) => opened(text))])).toEqual([]);
    }
  });

  test('leaves an alert clean but for its line breaks, in the answer and in the message', async () => {
    // Four messages a second into one chat is all that the API takes.
    for (const input of CALLS['send_security_alert']?.slice(0, 3) ?? []) {
      const result = await client.call('send_security_alert', input);
      expect(unclean(result.structuredContent, true)).toEqual([]);
      expect(simulator.messages.at(-1)?.content).toBe(result.structuredContent?.['sent_text']);
    }
  });

  test('is counted and named where it stands, and honest text beside it is unchanged', async () => {
    const input = { ...start, event_keys: ['chat_renamed'], limit: 5, response_format: 'detailed' };
    const list = await client.call('list_audit_events', input);
    expect(list.structuredContent?.['events']).toContainEqual(
      expect.objectContaining({ details: expect.objectContaining({ new_name: HONEST_DETAIL }) }),
    );
    const reading = ['list_audit_events', 'aggregate_audit_events', 'find_suspicious_logins', 'find_risky_changes'];
    for (const name of [...reading, 'investigate_actor', 'follow_audit_events']) {
      const { structuredContent } = await client.call(name, CALLS[name]?.[0]);
      expect(JSON.stringify(structuredContent?.['notes'])).toMatch(/hidden characters or .*: \d+ \(1[\w-]{35}, /u);
    }
  });

  test('leaves every resource and prompt clean', async () => {
    await client.call('export_audit_window', { ...start, file_name: 'for-resource.ndjson' });
    const listed = await client.listResources();
    expect(unclean(listed)).toEqual([]);
    expect(listed.length).toBeGreaterThan(RESOURCES.length);
    for (const { uri } of listed) {
      const contents = await client.readResource(uri);
      expect(unclean(contents.map(({ text }) => opened(text)))).toEqual([]);
    }
    for (const { name } of PROMPTS) {
      for (const { text } of HOSTILE_CORPUS.slice(0, 10)) {
        const person = name === 'incident_timeline' || name === 'offboarding_check' ? { person: text } : {};
        expect(unclean(await client.getPrompt(name, { start_time: text, ...person }), true)).toEqual([]);
      }
    }
  });

  test.each(['actor', 'start_time', 'time_zone', 'ip_address', 'time_of_day', 'cursor', 'event_group', 'entity'])(
    'leaves the error about a wrong %s clean',
    async (field) => {
      for (const { text } of HOSTILE_CORPUS) {
        const name = field === 'entity' ? text || 'x' : field;
        const result = await client.call('list_audit_events', { [name]: text });
        if (result.isError !== true) continue;
        expect(unclean([result, ...result.content.map((part) => opened(part.text ?? ''))])).toEqual([]);
      }
    },
  );

  test('leaves the errors of the API clean, whatever it answers', async () => {
    const statuses = [400, 401, 402, 403, 404, 409, 422, 429, 200];
    let at = 0;
    const server = await startLocalServer((_request, response) => {
      const text = HOSTILE_CORPUS[at % HOSTILE_CORPUS.length]?.text ?? '';
      const status = statuses[at % statuses.length] ?? 400;
      at += 1;
      const entry = { key: text, value: text, message: text, code: text, payload: { [text]: text } };
      const body = at % 2 === 0 ? { errors: [entry] } : { error: text, error_description: text };
      sendJson(response, status, body, {
        'x-request-id': encodeURI(text.toWellFormed?.() ?? 'id'),
        'retry-after': '0',
      });
    });
    const other = await connectClient('2026 auto', {
      command: process.execPath,
      args: [BUILT],
      env: { ...env, PACHCA_API_URL: server.url },
    });
    try {
      for (let call = 0; call < HOSTILE_CORPUS.length; call += 1) {
        const tool = call % 3 === 0 ? 'find_people' : call % 3 === 1 ? 'list_audit_events' : 'check_access';
        const result = await other.call(tool, tool === 'find_people' ? { query: 'Иванов' } : {});
        expect(unclean([result, ...result.content.map((part) => opened(part.text ?? ''))])).toEqual([]);
      }
    } finally {
      await other.close();
    }
  });

  test('leaves log lines and the words of the commands clean', async () => {
    const input = HOSTILE_CORPUS.map(
      ({ text }) => `${text.replaceAll('\n', ' ')}\n{"jsonrpc":"2.0","method":"${encodeURI('x')}"}\n`,
    );
    const garbage = await runBuilt([], { env, input: input.join('') });
    const outputs = [garbage.stderr, garbage.stdout, stderr];
    for (const args of [
      ['check'],
      ['suspicious', '--start', 'now-2d'],
      ['suspicious', '--start', 'now-2d', '--lang', 'ru'],
    ]) {
      const { stdout, stderr: said } = await runBuilt(args, { env });
      outputs.push(stdout, said);
    }
    for (const { text } of HOSTILE_CORPUS.slice(0, 6)) {
      const { stdout, stderr: said } = await runBuilt(['export', '--start', text.replaceAll('\0', '')], { env });
      outputs.push(stdout, said);
    }
    expect(outputs.join('').length).toBeGreaterThan(1000);
    expect(outputs.filter((text) => forbiddenCharacters(text.replaceAll('\n', '')).length > 0)).toEqual([]);
  });
});
