// A snapshot of every tool's schema and of a complete answer of each, as a client sees them over stdio.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../src/simulator/server.ts';
import { TOOLS } from '../tools/index.ts';
import { ROOT } from './support/built.ts';
import { bundleProgram } from './support/child-program.ts';
import { demoCompany, DEMO_NOW_MS } from './support/demo-company.ts';
import { connectClient, type TestClient } from './support/mcp-clients.ts';

const SNAPSHOTS = join(ROOT, 'test', 'snapshots');

/** One question to each tool; small, so that a person can read the answer. */
const QUESTIONS: Readonly<Record<string, Record<string, unknown>>> = {
  list_audit_events: {
    start_time: '2026-11-19T00:40:00+03:00',
    end_time: '2026-11-19T00:50:00+03:00',
    event_group: 'auth',
  },
  aggregate_audit_events: { start_time: 'now-7d', event_keys: ['message_deleted'], group_by: ['actor', 'day'], top: 5 },
  find_suspicious_logins: { start_time: 'now-2d', baseline_days: 10, max_findings: 2 },
  find_risky_changes: { start_time: 'now-2d', baseline_days: 10, max_findings: 2 },
  investigate_actor: { actor: 'Беляев Владимир', start_time: 'now-2d' },
  follow_audit_events: { start_time: 'now-2h', limit: 5 },
  export_audit_window: { start_time: '2026-11-19T00:00:00+03:00', end_time: '2026-11-19T06:00:00+03:00' },
  find_people: { query: 'Беляев' },
  check_access: {},
  send_security_alert: { recipient: '1000', message: 'Вход из новой сети\n- адрес 107.189.232.17' },
};

describe('over stdio', () => {
  let simulator: Simulator;
  let client: TestClient;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pachca-audit-snapshots-'));
    const now = (): number => DEMO_NOW_MS;
    simulator = await startSimulator({ company: demoCompany(), now, rateLimit: null, logsOwnReads: false });
    const program = await bundleProgram(join(ROOT, 'test', 'support', 'still-server.ts'), folder);
    const args = [program, simulator.url, simulator.token, join(folder, 'exports'), String(DEMO_NOW_MS)];
    client = await connectClient('2026 auto', { command: process.execPath, args });
  });
  afterAll(async () => {
    await client.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What differs from run to run is left out: where the test ran, and how many requests happened to run side by side. */
  function steady(value: unknown): string {
    const text = JSON.stringify(value, null, 1)
      .replaceAll(simulator.url, '<api>')
      .replaceAll(folder, '<folder>')
      .replaceAll(/"requests": \d+/gu, '"requests": <n>')
      // Packed, and every version of Node packs in its own way.
      .replaceAll(/"next_cursor": "[\w-]+"/gu, '"next_cursor": "<cursor>"');
    return `${text}\n`;
  }

  test('every tool is asked', () => {
    expect(Object.keys(QUESTIONS)).toEqual(TOOLS.map(({ name }) => name));
  });

  test.each(Object.keys(QUESTIONS))('%s is described as before', async (name) => {
    const tool = (await client.listTools()).find((one) => one.name === name);
    await expect(steady(tool)).toMatchFileSnapshot(join(SNAPSHOTS, `${name}.schema.txt`));
  });

  test.each(Object.entries(QUESTIONS))('%s answers as before', async (name, input) => {
    const result = await client.call(name, input);
    expect(result.isError).not.toBe(true);
    const { content, structuredContent } = result;
    expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent);
    // The text is the same facts again; what else is in the content is a link.
    const complete = { structuredContent, content: content.slice(1) };
    await expect(steady(complete)).toMatchFileSnapshot(join(SNAPSHOTS, `${name}.answer.txt`));
  });

  test.each(TOOLS.map(({ name }) => name))('%s describes every argument and refuses others by name', async (name) => {
    const tool = (await client.listTools()).find((one) => one.name === name);
    const properties = Object.entries(tool?.inputSchema['properties'] ?? {});
    expect(properties.filter(([, schema]) => !/.{3}/u.test(schema.description ?? '')).map(([key]) => key)).toEqual([]);
    const result = await client.call(name, { ...QUESTIONS[name], no_such_argument: 1 });
    expect(result.isError).toBe(true);
    const words = result.content[0]?.text ?? '';
    expect(words).toContain('no_such_argument');
    expect(properties.filter(([key]) => !words.includes(key)).map(([key]) => key)).toEqual([]);
  });
});
