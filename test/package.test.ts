// Checks what a stranger gets: the command in mcp.json as it stands, and the packed tarball, both with --demo.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { servedTools } from '../tools/index.ts';
import { BUILT, cleanEnv, ROOT } from './support/built.ts';
import { connectClient, type ServerCommand } from './support/mcp-clients.ts';

const run = promisify(execFile);
const mcpJson = z.object({
  mcpServers: z.record(
    z.string(),
    z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  ),
});

const linkedServer = z.looseObject({
  command: z.literal('node'),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
});
const MCPB = '@anthropic-ai/mcpb@2.1.2';
const manifestSchema = z.looseObject({
  manifest_version: z.literal('0.3'),
  server: z.looseObject({
    mcp_config: z.object({
      command: z.literal('node'),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  user_config: z.record(z.string(), z.looseObject({})),
});
/** The rules of the schema of 2025-12-11 for what a server without packages states. */
const registrySchema = z.looseObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z.string().regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/u),
  title: z.string().max(100),
  description: z.string().min(1).max(100),
  version: z.string(),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pachca-audit-package-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts `server` and asks for the access that it has. */
async function access(server: ServerCommand) {
  const client = await connectClient('2025', server);
  try {
    const tools = await client.listTools();
    const result = await client.call('check_access');
    return { tools: tools.map(({ name }) => name), structured: result.structuredContent };
  } finally {
    await client.close();
  }
}

const demo = { source: 'demo', can_read_audit_log: true, can_resolve_users: true, problems: [] };

// Each npx asks the registry anew.
describe('a stranger', { timeout: 300_000 }, () => {
  test('starts the command of mcp.json as it stands, with --demo added', async () => {
    const { mcpServers } = mcpJson.parse(JSON.parse(await readFile(join(ROOT, 'mcp.json'), 'utf8')));
    const server = mcpServers['pachca-audit'];
    expect(server?.command).toBe('npx');
    const args = [...(server?.args ?? []), '--demo'];
    const env = cleanEnv({ ...server?.env, XDG_DATA_HOME: folder });
    const { tools, structured } = await access({ command: 'npx', args, env, cwd: ROOT });
    expect(tools).toEqual(servedTools({}).map(({ name }) => name));
    expect(structured).toMatchObject(demo);
  });

  test('starts it from any other folder once the point is the path of the clone', async () => {
    const { mcpServers } = mcpJson.parse(JSON.parse(await readFile(join(ROOT, 'mcp.json'), 'utf8')));
    const args = [...(mcpServers['pachca-audit']?.args ?? []).map((word) => (word === '.' ? ROOT : word)), '--demo'];
    const { structured } = await access({
      command: 'npx',
      args,
      env: cleanEnv({ XDG_DATA_HOME: folder }),
      cwd: folder,
    });
    expect(structured).toMatchObject(demo);
  });

  test('reads the token from the file in the home folder that mcp.json names', async () => {
    const { mcpServers } = mcpJson.parse(JSON.parse(await readFile(join(ROOT, 'mcp.json'), 'utf8')));
    const home = join(folder, 'home');
    const env = cleanEnv({ ...mcpServers['pachca-audit']?.env, HOME: home });
    const refused = await run(process.execPath, [BUILT, 'check'], { env, cwd: folder }).catch(
      (error: unknown) => error,
    );
    expect(String(refused)).toContain(join(home, '.config/pachca-audit-mcp/token'));
  });

  test.each(['README.md', 'README.ru.md'])('starts what the links of %s install, decoded', async (name) => {
    const readme = await readFile(join(ROOT, name), 'utf8');
    const cursor = [...readme.matchAll(/`(cursor:[^`]+)`/gu)].map(([, link = '']) => {
      const { searchParams } = new URL(link);
      expect(searchParams.get('name')).toBe('pachca-audit');
      return Buffer.from(searchParams.get('config') ?? '', 'base64').toString('utf8');
    });
    const vscode = [...readme.matchAll(/`vscode:mcp\/install\?([^`]+)`/gu)].map(([, link = '']) =>
      decodeURIComponent(link),
    );
    const servers = [...cursor, ...vscode].map((json) => linkedServer.parse(JSON.parse(json)));
    expect(servers.map(({ env }) => env)).toEqual([
      undefined,
      { PACHCA_TOKEN_FILE: '~/.config/pachca-audit-mcp/token' },
      undefined,
      { PACHCA_TOKEN: '${input:pachca-token}' },
    ]);
    // The clone in the home folder that the links are made for.
    const home = join(folder, name);
    await mkdir(home);
    await symlink(ROOT, join(home, 'pachca-audit-mcp'));
    for (const { command, args } of servers.filter((server) => server.args.includes('--demo'))) {
      const expanded = args.map((word) => word.replace('${userHome}', home));
      const { structured } = await access({ command, args: expanded, env: cleanEnv({ HOME: home }), cwd: tmpdir() });
      expect(structured).toMatchObject(demo);
    }
  });

  test('opens the bundle for Claude Desktop, and starts what is in it', async () => {
    const bundle = join(folder, 'bundle.mcpb');
    await run(process.execPath, [join(ROOT, 'scripts/mcpb.mjs'), bundle], { env: cleanEnv() });
    const opened = join(folder, 'opened');
    // Away from the root: npx must not take the package there for the tool.
    await run('npx', ['-y', MCPB, 'unpack', bundle, opened], { env: cleanEnv(), cwd: folder });
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(opened, 'manifest.json'), 'utf8')));
    expect(manifest.user_config['pachca_token']).toMatchObject({ sensitive: true, required: true });
    const { command, args } = manifest.server.mcp_config;
    const expanded = args.map((word) => word.replace('${__dirname}', opened));
    const { tools, structured } = await access({
      command,
      args: [...expanded, '--demo'],
      env: cleanEnv({ XDG_DATA_HOME: folder }),
      cwd: tmpdir(),
    });
    expect(structured).toMatchObject(demo);
    expect(manifest.tools.map(({ name }) => name)).toEqual(tools);
    expect(Object.keys(manifest.server.mcp_config.env)).toEqual(['PACHCA_TOKEN', 'PACHCA_AUDIT_EXPORT_DIR']);
  });

  test('finds a description for the registry that its rules allow', async () => {
    const server = registrySchema.parse(JSON.parse(await readFile(join(ROOT, 'server.json'), 'utf8')));
    expect([server.name, server.version]).toEqual([packageJson.mcpName, packageJson.version]);
    // Nothing is published that it could name.
    expect(server).not.toHaveProperty('packages');
  });

  test('serves from a packed tarball in an empty folder, without one dependency', async () => {
    const env = cleanEnv();
    // The build stands; packing must not start another one under the feet of other tests.
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
      env,
    });
    const [packed] = z.array(z.object({ filename: z.string(), unpackedSize: z.number() })).parse(JSON.parse(stdout));
    expect(packed?.unpackedSize).toBeLessThan(25 * 1024 * 1024);
    const tarball = join(folder, packed?.filename ?? '');
    const { structured } = await access({
      command: 'npx',
      args: ['-y', `file:${tarball}`, '--demo'],
      env,
      cwd: folder,
    });
    expect(structured).toMatchObject(demo);
    const manifest: unknown = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
  });

  test('is never told to run the name that nobody has published', async () => {
    const textOf = (path: string) => readFile(join(ROOT, path), 'utf8');
    const texts = await Promise.all(['README.md', 'README.ru.md', 'docs/install.md', 'mcp.json'].map(textOf));
    expect(texts.join('\n')).not.toMatch(/npx (-y )?pachca-audit-mcp(?!-\d)|"pachca-audit-mcp(@[^"]*)?"/u);
    expect(texts.join('\n')).not.toMatch(/npm (i|install) (-g )?pachca-audit-mcp(?!-\d)/u);
    const others = await Promise.all(['server.json', 'manifest.json', 'compose.yaml', 'Dockerfile'].map(textOf));
    expect(others.join('\n')).not.toMatch(/npx|npm (i|install) /u);
  });
});
