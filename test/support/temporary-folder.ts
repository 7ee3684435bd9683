// Owns folders that live as long as one test.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder (its real path), removed when the test that asked for it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pachca-audit-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
