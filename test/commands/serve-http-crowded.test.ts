// The built server over HTTP where connections have used up every descriptor: calls fail as long as that lasts, and no longer.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { BUILT, cleanEnv } from '../support/built.ts';
import { legacyCall } from '../support/raw-http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DESCRIPTORS = 60;

/** Calls over one connection that stays open. */
function caller(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return (name: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { headers, body } = legacyCall('tools/call', { name, arguments: {} });
      const length = { 'content-length': Buffer.byteLength(body) };
      const options = { port, path: '/mcp', method: 'POST', agent, headers: { ...headers, ...length } };
      const call = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve(text));
      });
      call.on('error', reject).end(body);
    });
}

test.skipIf(process.platform !== 'linux')(
  'every tool works again once there are descriptors, and the journal goes on (on Linux, which tells of them)',
  async () => {
    const env = cleanEnv({ XDG_DATA_HOME: await temporaryFolder() });
    const command = `ulimit -n ${DESCRIPTORS}; exec "${process.execPath}" "${BUILT}" serve --http --demo --port 0`;
    const server = spawn('sh', ['-c', command], { env });
    onTestFinished(() => void server.kill('SIGKILL'));
    let stderr = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const listening = /127\.0\.0\.1:(\d+)\/mcp/u;
    await expect.poll(() => stderr, { timeout: 60_000 }).toMatch(listening);
    const port = Number(listening.exec(stderr)?.[1]);
    const call = caller(port);
    expect(await call('check_access')).toContain('can_read_audit_log');
    const crowd = Array.from({ length: 2 * DESCRIPTORS }, () =>
      connect(port, '127.0.0.1').on('error', () => undefined),
    );
    // All but a few that come and go.
    const open = (): number => readdirSync(`/proc/${server.pid}/fd`).length;
    await expect.poll(open, { timeout: 20_000 }).toBeGreaterThan(DESCRIPTORS - 3);
    // With the demo's simulator out of reach, it may fail; never for what could not be loaded.
    expect(await call('list_audit_events')).not.toContain('chunks');
    for (const socket of crowd) socket.destroy();
    for (const tool of ['list_audit_events', 'find_suspicious_logins', 'follow_audit_events']) {
      await expect.poll(() => call(tool), { timeout: 20_000 }).toContain('structuredContent');
    }
    expect(stderr).not.toContain('call_not_in_journal');
  },
);
