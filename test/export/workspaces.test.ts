// Tests that what was read of one workspace never goes into the export of another, though one API serves both.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createParts } from '../../src/parts.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { TOOLS } from '../../tools/index.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { toolCalls } from '../support/world.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const WINDOW = { start_time: '2026-11-18', end_time: '2026-11-19', file_name: 'two-days.ndjson' };
const COUNT = 3000;

/** A workspace of its own; its owner too. */
async function startWorkspace(name: string, ownerId: number) {
  const events = [...plainEvents({ count: COUNT, startMs: NOW_MS - 3 * DAY_MS, endMs: NOW_MS })].map((event) => ({
    ...event,
    id: `${name}-${event.id}`,
  }));
  const simulator = await startSimulator({ events, now: () => NOW_MS, rateLimit: null, logsOwnReads: false });
  onTestFinished(() => simulator.close());
  return { token: `token-of-${name}`, ownerId, simulator };
}

type Workspace = Awaited<ReturnType<typeof startWorkspace>>;

/** One address for all of them: the token decides. `isBroken` is asked before each page of the log. */
async function startApi(workspaces: readonly Workspace[], isBroken: () => boolean) {
  return startLocalServer((request, response) => {
    const workspace = workspaces.find(({ token }) => request.headers.authorization === `Bearer ${token}`);
    if (workspace === undefined) return sendJson(response, 401, {});
    const { pathname, search } = request.url;
    if (pathname.endsWith('/oauth/token/info')) {
      return sendJson(response, 200, { data: { user_id: workspace.ownerId, scopes: ['audit_events:read'] } });
    }
    if (isBroken()) return sendJson(response, 422, { errors: [] });
    const headers = { authorization: `Bearer ${workspace.simulator.token}` };
    const path = pathname.slice(pathname.lastIndexOf('/'));
    void fetch(`${workspace.simulator.url}${path}${search}`, { headers }).then(async (answer) =>
      sendJson(response, answer.status, await answer.json()),
    );
  });
}

test('an export that one token began is not gone on with by the token of another workspace', async () => {
  const [ours, theirs] = [await startWorkspace('ours', 1), await startWorkspace('theirs', 2)];
  let pages = 0;
  let mostPages = 20;
  const api = await startApi([ours, theirs], () => (pages += 1) > mostPages);
  const exportDir = await temporaryFolder();
  const callsAs = ({ token }: Workspace) => {
    const parts = createParts({
      source: { kind: 'api', baseUrl: api.url, token: () => token },
      settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
      rate: 100_000,
      exportDir,
      version: '0.0.0-test',
      installationId: '0123456789abcdef',
      clock: stillClock(NOW_MS),
      toolNames: TOOLS.map(({ name }) => name),
    });
    onTestFinished(() => parts.close());
    return toolCalls(parts);
  };
  expect(await callsAs(theirs).call('export_audit_window', WINDOW)).toMatchObject({ status: 'partial' });
  mostPages = Number.POSITIVE_INFINITY;
  expect(await callsAs(ours).call('export_audit_window', WINDOW)).toMatchObject({ status: 'done', resumed: false });
  const lines = (await readFile(join(exportDir, WINDOW.file_name), 'utf8')).trim().split('\n');
  expect(lines.length).toBeGreaterThan(1900);
  expect(lines.filter((line) => !line.includes('"ours-'))).toEqual([]);

  // And by its own token it is: what was read is kept for it.
  const again = { ...WINDOW, file_name: 'theirs.ndjson' };
  expect(await callsAs(theirs).call('export_audit_window', again)).toMatchObject({ status: 'done', resumed: true });
});
