// Tests the resources: event keys, schema, manifests of exports and nothing else.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EVENT_KEY_TABLE, EVENT_KEYS } from '../../src/audit/event-keys.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { BUILT, cleanEnv } from '../support/built.ts';
import { CLIENT_MODES, connectClient, type TestClient } from '../support/mcp-clients.ts';

const KEYS_URI = 'pachca-audit://event-keys';
const keysSchema = z.object({
  event_keys: z.array(z.looseObject({ event_key: z.string(), details: z.record(z.string(), z.string()) })),
});

describe.each(CLIENT_MODES)('the resources, for a client of %s', (mode) => {
  let simulator: Simulator;
  let client: TestClient;
  let exportDir: string;

  const read = async (uri: string): Promise<unknown> => JSON.parse((await client.readResource(uri))[0]?.text ?? '');

  beforeAll(async () => {
    const endMs = Date.now();
    const events = plainEvents({ count: 200, startMs: endMs - 80_000_000, endMs });
    simulator = await startSimulator({ events, rateLimit: null });
    exportDir = await mkdtemp(join(tmpdir(), 'pachca-audit-resources-'));
    const env = { PACHCA_API_URL: simulator.url, PACHCA_TOKEN: simulator.token, XDG_DATA_HOME: exportDir };
    const args = [BUILT, '--export-dir', join(exportDir, 'exports')];
    client = await connectClient(mode, { command: process.execPath, args, env: cleanEnv(env) });
  });
  afterAll(async () => {
    await client.close();
    await simulator.close();
    await rm(exportDir, { recursive: true, force: true });
  });

  test('have every key of the table in both languages, with the types of its details', async () => {
    const { event_keys: entries } = keysSchema.parse(await read(KEYS_URI));
    expect(entries.map(({ event_key: key }) => key)).toEqual(EVENT_KEYS);
    const { en, ru, group } = EVENT_KEY_TABLE.user_role_changed;
    expect(entries.find(({ event_key: key }) => key === 'user_role_changed')).toEqual({
      event_key: 'user_role_changed',
      group,
      en,
      ru,
      details: { new_company_role: 'string', previous_company_role: 'string', initiator_id: 'number' },
    });
    const types = entries.flatMap(({ details }) => Object.values(details));
    expect(types).toContain('string[]');
    expect(types).toContain('number | null');
  });

  test('have the schema of an event, open for fields that come later', async () => {
    const schema = await read('pachca-audit://schema/event');
    expect(schema).toMatchObject({ type: 'object', required: ['id', 'created_at', 'event_key'] });
    expect(schema).not.toMatchObject({ additionalProperties: false });
  });

  test('list the manifest of an export once there is one, and give it', async () => {
    expect(await client.listTemplates()).toContain('pachca-audit://exports/{name}');
    const before = (await client.listResources()).map(({ uri }) => uri);
    expect(before).toContain(KEYS_URI);
    const fileName = 'сутки 24ч.ndjson';
    const answer = await client.call('export_audit_window', { file_name: fileName });
    const uri = z.string().parse(answer.structuredContent?.['resource_uri']);
    const after = (await client.listResources()).map((one) => one.uri);
    expect(after.filter((one) => !before.includes(one))).toEqual([uri]);
    expect(await read(uri)).toMatchObject({ file_name: fileName, complete: true, events: 200 });
  });

  test('are confined to the export folder', async () => {
    const folder = join(exportDir, 'exports');
    await mkdir(folder, { recursive: true });
    await writeFile(join(exportDir, 'secret.ndjson.manifest.json'), '{}');
    await symlink(join(exportDir, 'secret.ndjson.manifest.json'), join(folder, 'link.ndjson.manifest.json'));
    expect((await client.listResources()).map(({ uri }) => uri)).not.toContain('pachca-audit://exports/link.ndjson');
    for (const name of ['..%2Fsecret.ndjson', 'link.ndjson', '%2Fetc%2Fpasswd', 'none.ndjson', '%E0%A4%A']) {
      await expect(client.readResource(`pachca-audit://exports/${name}`)).rejects.toThrow(/export folder|found/u);
    }
    await rm(join(folder, 'link.ndjson.manifest.json'));
  });
});
