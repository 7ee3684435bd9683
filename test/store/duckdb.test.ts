// Checks that DuckDB reads the folder of the store as it is, with the line that docs/store.md shows.
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { compareEvents } from '../../src/audit/event.ts';
import { filledStore, lineOf } from '../support/filled-store.ts';

test('DuckDB reads the store with one line: every event once, under its key', async () => {
  const { dir, events } = await filledStore();
  const line = await lineOf('duckdb', dir);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const counted = await connection.runAndReadAll(line);
    const byKey = new Map<string, number>();
    for (const { event_key: key } of events) byKey.set(key, (byKey.get(key) ?? 0) + 1);
    const rows = counted.getRowObjectsJson().map((row) => [row['event_key'], Number(row['events'])] as const);
    expect(new Map(rows)).toEqual(byKey);
    expect(byKey.size).toBeGreaterThan(20);

    const source = /FROM (read_json\(.*?\))/u.exec(line)?.[1];
    const read = await connection.runAndReadAll(
      `SELECT id, epoch_ms(created_at) AS ms, actor_id, user_agent, details FROM ${source} ORDER BY ms, id`,
    );
    expect(
      read.getRowObjectsJson().map(({ id, ms, actor_id: actor, user_agent: agent }) => [id, Number(ms), actor, agent]),
    ).toEqual(
      events
        .toSorted(compareEvents)
        .map(({ id, created_at: at, actor_id: actor, user_agent: agent }) => [id, Date.parse(at), actor, agent]),
    );
  } finally {
    connection.closeSync();
  }
});
