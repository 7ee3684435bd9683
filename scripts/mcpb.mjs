// Packs the one-click bundle for Claude Desktop with the official tool: node scripts/mcpb.mjs [FILE]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOL = '@anthropic-ai/mcpb@2.1.2';
/** Everything that the bundle holds: the program has no dependencies. */
const PARTS = ['manifest.json', 'dist', 'LICENSE', 'README.md', 'README.ru.md'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = resolve(process.argv[2] ?? join(root, 'pachca-audit-mcp.mcpb'));
const stage = mkdtempSync(join(root, 'node_modules/.mcpb-'));

/** Away from the root: npx must not take the package there for the tool. */
function mcpb(...args) {
  const { status } = spawnSync('npx', ['-y', TOOL, ...args], {
    cwd: stage,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`mcpb ${args[0]} failed`);
}

try {
  for (const part of PARTS) cpSync(join(root, part), join(stage, part), { recursive: true });
  mcpb('validate', 'manifest.json');
  mcpb('pack', '.', bundle);
} finally {
  rmSync(stage, { recursive: true, force: true });
}
