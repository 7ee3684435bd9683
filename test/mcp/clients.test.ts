// Tests every tool through the official clients of both protocol generations.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { BUILT, cleanEnv, ROOT } from '../support/built.ts';
import { CLIENT_MODES, connectClient, type TestClient } from '../support/mcp-clients.ts';

const ERROR_META = 'pachca-audit/error';

let simulator: Simulator;
beforeAll(async () => {
  const company = buildCompany({ seed: 3, now: Date.now(), people: 60, days: 20 });
  simulator = await startSimulator({ company, rateLimit: null });
});
afterAll(() => simulator.close());

describe.each(CLIENT_MODES)('over stdio, a client of %s', (mode) => {
  let client: TestClient;
  let exportDir: string;
  beforeAll(async () => {
    exportDir = await mkdtemp(join(tmpdir(), 'pachca-audit-clients-'));
    const args = [BUILT, '--time-zone', 'Europe/Moscow', '--export-dir', exportDir, '--rate', '5000'];
    const env = {
      PACHCA_API_URL: simulator.url,
      PACHCA_TOKEN: simulator.token,
      PACHCA_AUDIT_ALERT_TO: '1000',
      XDG_DATA_HOME: exportDir,
    };
    client = await connectClient(mode, { command: process.execPath, args, env: cleanEnv(env), cwd: ROOT });
  });
  afterAll(async () => {
    await client.close();
    await rm(exportDir, { recursive: true, force: true });
  });

  test('lists every tool, in order, with both schemas and all four hints', async () => {
    const tools = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    for (const tool of tools) {
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
      expect(tool.annotations).toMatchObject({
        readOnlyHint: expect.any(Boolean),
        destructiveHint: expect.any(Boolean),
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      });
    }
  });

  test('calls every tool and gets the same facts as structure and as text', async () => {
    const calls: [string, Record<string, unknown>][] = [
      ['check_access', {}],
      ['list_audit_events', { limit: 3 }],
      ['find_people', { query: 'Иван', limit: 2 }],
      ['find_suspicious_logins', { start_time: 'now-2d', baseline_days: 3 }],
      ['find_risky_changes', { start_time: 'now-2d', baseline_days: 3 }],
      ['export_audit_window', { start_time: 'now-2h', file_name: 'two-hours.ndjson' }],
      ['aggregate_audit_events', { group_by: ['event_key'] }],
      ['investigate_actor', { actor: '1000' }],
      ['follow_audit_events', { start_time: 'now-2h' }],
      ['send_security_alert', { recipient: '1000', message: 'Проверка' }],
    ];
    expect(calls.map(([name]) => name).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted());
    for (const [name, input] of calls) {
      const result = await client.call(name, input);
      expect(result.isError, `${name}: ${result.content[0]?.text ?? ''}`).not.toBe(true);
      expect(JSON.parse(result.content[0]?.text ?? '')).toEqual(result.structuredContent);
    }
    // Ten tools, some of which read weeks.
  });

  test.each([
    ['an unknown argument', 'list_audit_events', { limitt: 3 }, 'invalid_input', 'limitt'],
    ['a wrong value', 'list_audit_events', { limit: 0 }, 'invalid_input', 'limit'],
    ['a foreign cursor', 'list_audit_events', { cursor: 'abc' }, 'invalid_cursor', 'cursor'],
    ['a failure of the API', 'list_audit_events', { entity_id: 'demo-narrow' }, 'range_too_large', 'range'],
  ])('gets code and hint of %s', async (_what, name, input, code, named) => {
    const result = await client.call(name, input);
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
    const [words, json] = result.content.map(({ text }) => text ?? '');
    const error: unknown = JSON.parse(json ?? '');
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/.{10}/u), retryable: expect.any(Boolean) });
    expect(result._meta?.[ERROR_META]).toEqual(error);
    expect(words).toContain(named);
  });

  test('gets growing progress of an export', async () => {
    const seen: number[] = [];
    const result = await client.call(
      'export_audit_window',
      { start_time: 'now-4d', file_name: 'four-days.ndjson' },
      { onprogress: ({ progress }) => seen.push(progress) },
    );
    expect(result.structuredContent).toMatchObject({ status: 'done' });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
  });
});
