// Checks what a stranger gets: the command in mcp.json as it stands, and the packed tarball, both with --demo.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { servedTools } from '../tools/index.ts';
import { cleanEnv, ROOT } from './support/built.ts';
import { connectClient, type ServerCommand } from './support/mcp-clients.ts';

const run = promisify(execFile);
const mcpJson = z.object({
  mcpServers: z.record(
    z.string(),
    z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  ),
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

describe('a stranger', () => {
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
    const texts = await Promise.all(['README.md', 'mcp.json'].map((path) => readFile(join(ROOT, path), 'utf8')));
    expect(texts.join('\n')).not.toMatch(/npx (-y )?pachca-audit-mcp|"pachca-audit-mcp(@[^"]*)?"/u);
  });
});
