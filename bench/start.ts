// Measures the start over stdio, from nothing to the first list of tools, beside a bare SDK server of two tools that is bundled the
// same way: node bench/run.mjs start [--rounds 15]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from '../scripts/bundle-options.mjs';

const WANTED = 1.15;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const root = process.cwd();

const message = (id: number | undefined, method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', ...(id === undefined ? {} : { id }), method, params })}\n`;
/** What a client of 2025 says first; it may say it all at once, since the server answers in order. */
const HELLO = [
  message(1, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  }),
  message(undefined, 'notifications/initialized'),
  message(2, 'tools/list'),
].join('');

/** Milliseconds from the start of `program` to its list of tools. */
async function startMs(program: string, dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const env = { PATH: process.env['PATH'] ?? '', HOME: dataDir, XDG_DATA_HOME: dataDir };
  const child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.write(HELLO);
  let text = '';
  try {
    return await new Promise<number>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('"tools":[')) resolve(performance.now() - startedAt);
      });
      child.once('close', () => reject(new Error(`${program} ended: ${text}`)));
    });
  } finally {
    child.kill();
  }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

// Inside the project, so that the bundler finds its packages.
const dir = mkdtempSync(join(root, 'node_modules/.bench-start-'));
const dataDir = mkdtempSync(join(tmpdir(), 'bench-start-'));
try {
  await build(bundleOptions({ bare: join(root, 'bench/start/bare.ts') }, dir));
  execFileSync(process.execPath, ['scripts/build.mjs']);
  const programs = { bare: join(dir, 'bare.mjs'), ours: join(root, 'dist/main.js') };
  const times: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  const ratios: number[] = [];
  // In pairs, so that whatever else the machine does hits both alike; the first pair fills the caches of the disk.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    const bare = await startMs(programs.bare, dataDir);
    const ours = await startMs(programs.ours, dataDir);
    if (round === 0) continue;
    times.bare.push(bare);
    times.ours.push(ours);
    ratios.push(ours / bare);
  }
  const ratio = median(times.ours) / median(times.bare);
  const isGood = ratio <= WANTED;
  console.log(
    `start to tools/list: bare ${median(times.bare).toFixed(0)} ms   ours ${median(times.ours).toFixed(0)} ms   ratio ${ratio.toFixed(2)} (of pairs ${median(ratios).toFixed(2)}; wanted at most ${WANTED})   ${isGood ? 'ok' : 'MISSED'}`,
  );
  process.exitCode = isGood ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
