// Owns what both halves of bench/store.ts need: the keys of logins, today, and how big a folder is.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const DAY_MS = 86_400_000;
export const AUTH = ['user_login', 'user_2fa_success', 'user_2fa_fail', 'user_logout'];
export const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;

export async function diskBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
