// Tests the simulator as a program of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleProgram } from '../support/child-program.ts';

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  program = await bundleProgram(join(import.meta.dirname, '../../src/simulator/cli.ts'), folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lineOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', () => reject(new Error(`ended with ${text}`)));
  });
const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

describe('the simulator as a program', () => {
  test('says on one line where it listens, serves, and ends with SIGTERM', async () => {
    const child = spawn(process.execPath, [program, '--events', '70', '--density', 'uneven', '--paginate', 'old']);
    const ended = exitOf(child);
    const { url, token } = JSON.parse(await lineOf(child));
    const response = await fetch(`${url}/audit_events`, { headers: { authorization: `Bearer ${token}` } });
    const body = JSON.parse(await response.text());
    expect(body.data).toHaveLength(50);
    expect(Object.keys(body.meta.paginate)).toEqual(['next_page']);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('refuses what it does not know', async () => {
    const child = spawn(process.execPath, [program, '--density', 'lumpy']);
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    expect(await exitOf(child)).toBe(1);
    expect(complaint).toContain('--density is one of flat, uneven');
  });
});
