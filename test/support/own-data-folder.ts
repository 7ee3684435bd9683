// Owns the data folder of all programs that tests start: the user's own journal and store are none of their business.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before the first test; what it returns runs after the last one. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pachca-audit-tests-'));
  process.env['XDG_DATA_HOME'] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
