// The command `install` as a new user calls it: what it writes for each client is read as the client does, and started.
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { CLIENT_NAMES, CLIENTS, type ClientName } from '../../src/install/clients.ts';
import { servedTools } from '../../tools/index.ts';
import { cleanEnv, runBuilt } from '../support/built.ts';
import { connectClient } from '../support/mcp-clients.ts';

const TOKEN = 'canary-token-of-the-owner';

let home: string;
let project: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'pachca-audit-install-')));
  project = join(home, 'project');
  await mkdir(project);
  onTestFinished(() => rm(home, { recursive: true, force: true }));
});

// The proxy of the machine that tests is no setting of a test.
const NO_PROXIES = { HTTPS_PROXY: '', NO_PROXY: '', NODE_EXTRA_CA_CERTS: '' };
const env = () => ({
  ...NO_PROXIES,
  HOME: home,
  XDG_DATA_HOME: join(home, 'data'),
  XDG_CONFIG_HOME: join(home, 'config'),
});

/** Installs from the folder of a project. */
const install = (args: readonly string[], extra: Record<string, string> = {}) =>
  runBuilt(['install', ...args], { cwd: project, env: { ...env(), ...extra } });

function configPath(client: ClientName): string {
  return CLIENTS[client].configPath({ homeDir: home, workDir: project, appConfigDir: join(home, 'config') });
}

const serverSchema = z.strictObject({
  type: z.literal('stdio'),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
});
type Server = z.output<typeof serverSchema>;

/** Our entry of the client's file, read as JSON without comments. */
async function entryOf(client: ClientName): Promise<Server> {
  const text = await readFile(configPath(client), 'utf8');
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return z.object({ 'pachca-audit': serverSchema }).parse(config[CLIENTS[client].serversKey])['pachca-audit'];
}

/** Starts a server as a client does, from a folder of the client's own, and asks for the log. */
async function expectToServe({ command, args, env: own = {} }: Server): Promise<void> {
  const client = await connectClient('2026 auto', {
    command,
    args,
    env: cleanEnv({ ...env(), ...own }),
    cwd: tmpdir(),
  });
  onTestFinished(() => client.close());
  expect((await client.listTools()).map(({ name }) => name)).toEqual(servedTools({}).map(({ name }) => name));
  const { structuredContent } = await client.call('check_access');
  expect(structuredContent).toMatchObject({ source: 'demo', can_read_audit_log: true });
}

// A demonstration builds its company first: seconds of work, and many of them where other work goes on beside.

describe.each(CLIENT_NAMES)('install %s', (client) => {
  test('--demo writes an entry that serves, from any folder', async () => {
    const { code, stdout } = await install([client, '--demo', '--lang', 'en']);
    expect(code).toBe(0);
    expect(stdout).toBe(`${CLIENTS[client].title}: the server is in ${configPath(client)}\n`);
    const entry = await entryOf(client);
    expect(entry.env).toBeUndefined();
    expect(entry.args.slice(-3)).toEqual(['--lang', 'en', '--demo']);
    await expectToServe(entry);
  });

  test('leaves other entries, keeps the old file, and never writes the token', async () => {
    const path = configPath(client);
    const before = `{ "${CLIENTS[client].serversKey}": { "other": { "command": "x" } }, "theme":   "dark" }\n`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, before);
    const { code, stdout, stderr } = await install([client], { PACHCA_TOKEN: TOKEN });
    expect(code).toBe(0);
    const written = await readFile(path, 'utf8');
    expect(written).toContain('"other": { "command": "x" }');
    expect(written).toContain('"theme":   "dark"');
    expect(written + stdout + stderr).not.toContain(TOKEN);
    const copies = (await readdir(dirname(path))).filter((name) => name.endsWith('.bak'));
    expect(copies).toHaveLength(1);
    expect(await readFile(join(dirname(path), copies[0] ?? ''), 'utf8')).toBe(before);
    const wanted = CLIENTS[client].asksForSecrets
      ? { PACHCA_TOKEN: '${input:pachca-token}' }
      : { PACHCA_TOKEN_FILE: join(home, '.config/pachca-audit-mcp/token') };
    expect((await entryOf(client)).env).toEqual(wanted);
    expect((await install([client])).stdout).toContain('already');
    expect(await readFile(path, 'utf8')).toBe(written);
  });

  test('refuses a file that it cannot parse, and leaves it', async () => {
    const path = configPath(client);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '{ "half": ');
    const { code, stdout, stderr } = await install([client, '--demo']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(path);
    expect(await readFile(path, 'utf8')).toBe('{ "half": ');
    expect(await readdir(dirname(path))).toEqual(expect.not.arrayContaining([expect.stringContaining('.bak')]));
  });

  test('--dry-run prints the entry and writes nothing', async () => {
    const { code, stdout } = await install([client, '--demo', '--dry-run']);
    expect(code).toBe(0);
    const printed = z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
    await expect(readFile(configPath(client))).rejects.toThrow('ENOENT');
    await install([client, '--demo']);
    expect(JSON.parse(await readFile(configPath(client), 'utf8'))).toEqual(printed);
  });
});

describe('what is handed on', () => {
  test.each(['cursor', 'vscode'] as const)(
    'to %s, settings that the environment alone has, and no secret',
    async (client) => {
      const settings = {
        PACHCA_API_URL: 'https://pachca.example.test/api',
        PACHCA_AUDIT_ALERT_TO: '1001,1002',
        PACHCA_AUDIT_STORE_DAYS: '365',
        NO_PROXY: '.corp.example',
        NODE_EXTRA_CA_CERTS: join(home, 'company.pem'),
      };
      const withPassword = { HTTPS_PROXY: 'http://anna:canary@proxy.example:3128' };
      const secrets = { ...withPassword, PACHCA_TOKEN: TOKEN, PACHCA_AUDIT_HTTP_TOKEN: 'a-token-of-the-http-clients' };
      expect((await install([client], { ...settings, ...secrets })).code).toBe(0);
      const { env: written = {} } = await entryOf(client);
      expect(written).toMatchObject(settings);
      expect(JSON.stringify(written)).not.toMatch(/canary|http-clients/u);
      expect(Object.keys(written)).toHaveLength(6);
    },
  );

  test('a named token file, settings, and folders by their whole path', async () => {
    const tokenFile = join(home, 'token');
    await writeFile(tokenFile, TOKEN, { mode: 0o600 });
    const args = ['vscode', '--export-dir', 'exports', '--tools', 'check_access,find_people'];
    const { code, stderr } = await install(args, { PACHCA_TOKEN_FILE: tokenFile });
    expect([code, stderr]).toEqual([0, expect.stringContaining(tokenFile)]);
    const entry = await entryOf('vscode');
    expect(entry.env).toEqual({ PACHCA_TOKEN_FILE: tokenFile });
    expect(entry.args.slice(1)).toEqual([
      '--export-dir',
      join(project, 'exports'),
      '--tools',
      'check_access,find_people',
    ]);
  });

  test('a file to answer from, by its whole path', async () => {
    await install(['cursor', '--from', 'march.ndjson']);
    const { args, env: own } = await entryOf('cursor');
    expect([args.slice(1), own]).toEqual([['--from', join(project, 'march.ndjson')], undefined]);
  });

  test('a wrong client is a usage error that names the right ones', async () => {
    const { code, stderr } = await install(['clod-desktop']);
    expect(code).toBe(2);
    expect(stderr).toContain('claude-desktop');
  });
});

describe('links', () => {
  test('Cursor: the link of a dry run, decoded, serves', async () => {
    const { stderr } = await install(['cursor', '--demo', '--dry-run']);
    const link = new URL(/cursor:\S+/u.exec(stderr)?.[0] ?? '');
    expect([link.protocol, link.host, link.pathname]).toEqual(['cursor:', 'anysphere.cursor-deeplink', '/mcp/install']);
    expect(link.searchParams.get('name')).toBe('pachca-audit');
    const config = Buffer.from(link.searchParams.get('config') ?? '', 'base64').toString('utf8');
    await expectToServe(serverSchema.parse(JSON.parse(config)));
  });

  test('VS Code: the link of a dry run, decoded, serves', async () => {
    const { stderr } = await install(['vscode', '--demo', '--dry-run']);
    const [, query = ''] = /vscode:mcp\/install\?(\S+)/u.exec(stderr) ?? [];
    const { name, ...server } = z.looseObject({ name: z.string() }).parse(JSON.parse(decodeURIComponent(query)));
    expect(name).toBe('pachca-audit');
    await expectToServe(serverSchema.parse(server));
  });
});
