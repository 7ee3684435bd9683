// Checks that ClickHouse takes in the folder of the store, with the line that docs/store.md shows.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { hasClickHouse, startClickHouse } from '../support/clickhouse.ts';
import { filledStore, lineOf } from '../support/filled-store.ts';

const COLUMNS = ['entity_id', 'entity_type', 'actor_id', 'actor_type', 'ip_address', 'user_agent'];

describe.runIf(hasClickHouse())('where clickhouse-server, curl and zcat are installed (else this is skipped)', () => {
  test('ClickHouse takes in the store with one line: every event once', async () => {
    const { dir, events } = await filledStore();
    const { url, client } = await startClickHouse();
    const nullable = COLUMNS.map((name) => `${name} Nullable(String)`).join(', ');
    await client.command({
      query: `CREATE TABLE audit (id String, created_at String, event_key String, ${nullable}) ENGINE = Memory`,
    });
    const line = (await lineOf('clickhouse', dir)).replace('http://localhost:8123', url);
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['', '']);
    const answer = await client.query({
      query: 'SELECT id, created_at, event_key, actor_id, user_agent FROM audit ORDER BY id',
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual(
      events
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, created_at, event_key, actor_id, user_agent }) => ({
          id,
          created_at,
          event_key,
          actor_id,
          user_agent,
        })),
    );
  });
});
