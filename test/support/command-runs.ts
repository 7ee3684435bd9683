// Owns runs of the built program's commands over a log of its own: a simulator and a data folder for a whole test file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { runBuilt, type Finished, type RunOptions } from './built.ts';

const HOUR_MS = 3_600_000;

export interface CommandRuns {
  /** Runs against the simulator of this file, with a data folder of its own. */
  run(args: readonly string[], env?: Record<string, string>, options?: RunOptions): Promise<Finished>;
  simulator(): Simulator;
}

/** To be called once, outside of the tests: it starts and ends with the file. */
export function runsOverLog(): CommandRuns {
  let simulator: Simulator;
  let folder: string;
  beforeAll(async () => {
    const now = Date.now();
    const events = [...plainEvents({ count: 4000, startMs: now - 20 * HOUR_MS, endMs: now, keys: 'auth' })];
    simulator = await startSimulator({ events, rateLimit: null });
    folder = await mkdtemp(join(tmpdir(), 'pachca-audit-commands-'));
  });
  afterAll(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    simulator: () => simulator,
    run(args, env = {}, options = {}) {
      const own = {
        PACHCA_API_URL: simulator.url,
        PACHCA_TOKEN: simulator.token,
        PACHCA_AUDIT_EXPORT_DIR: folder,
        PACHCA_AUDIT_RATE: '1000',
        XDG_DATA_HOME: join(folder, 'data'),
      };
      return runBuilt(args, { ...options, env: { ...own, ...env } });
    },
  };
}
