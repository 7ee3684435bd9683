// Owns a file system that is soon full, of the real kind, where a test may mount one.
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Mounting needs root, and a container may forbid it all the same. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=4k tmpfs "$d" && umount "$d" && rmdir "$d"'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A folder with `size` bytes of room (64k), unmounted when the test ends. */
export async function smallDisk(size: string): Promise<string> {
  const dir = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', dir]);
  onTestFinished(() => void execFileSync('umount', [dir]));
  return dir;
}
