// Owns a ClickHouse server for one test, started without a service manager where Debian's package is installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Whether the server, and what the line of the documents needs, is here. */
export function hasClickHouse(): boolean {
  return ['clickhouse-server', 'curl', 'zcat'].every((program) => spawnSync('which', [program]).status === 0);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Old and new servers take both names of the root element. */
function configOf(folder: string, httpPort: number, tcpPort: number): string {
  return `<yandex>
    <logger><level>warning</level><log>${folder}/log</log><errorlog>${folder}/errors</errorlog></logger>
    <http_port>${httpPort}</http_port><tcp_port>${tcpPort}</tcp_port><listen_host>127.0.0.1</listen_host>
    <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><mark_cache_size>5000000</mark_cache_size>
    <users_config>${folder}/users.xml</users_config><default_profile>default</default_profile>
    <default_database>default</default_database>
  </yandex>`;
}

const USERS = `<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password>
  <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>`;

/** Starts a server; it and its client end with the running test. */
export async function startClickHouse(): Promise<{ url: string; client: ClickHouseClient }> {
  const folder = await temporaryFolder();
  const [httpPort, tcpPort] = [await freePort(), await freePort()];
  await writeFile(join(folder, 'config.xml'), configOf(folder, httpPort, tcpPort));
  await writeFile(join(folder, 'users.xml'), USERS);
  const child = spawn('clickhouse-server', [`--config-file=${folder}/config.xml`], { cwd: folder, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${httpPort}`;
  const client = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
  onTestFinished(async () => {
    await client.close();
    child.kill('SIGKILL');
    await ended;
  });
  while (!(await client.ping()).success) {
    if (child.exitCode !== null) throw new Error('clickhouse-server did not start');
    await new Promise(setImmediate);
  }
  return { url, client };
}
