// Owns what the configuration takes from the machine it runs on.
import { homedir, platform, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface Machine {
  /** Version of this program. */
  readonly version: string;
  readonly homeDir: string;
  /** Relative folders are taken from here. */
  readonly workDir: string;
  /** BCP 47 tag of the system, used where the environment names no locale. */
  readonly locale: string;
  /** File modes say who may read. */
  readonly hasFileModes: boolean;
}

/**
 * Mends in `env` what would put data into the current folder: an empty or relative HOME, and relative XDG folders, which their
 * specification has ignored. A user without a home is given the root, as containers do it: nothing can be kept there, which is said.
 */
export function settleHome(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of ['XDG_DATA_HOME', 'XDG_CONFIG_HOME']) if (!isAbsolute(env[name] ?? '/')) delete env[name];
  if (absoluteOf(homedir) !== undefined) return;
  env['HOME'] = absoluteOf(() => userInfo().homedir) ?? '/';
}

/** What `home` gives, where that is a folder anywhere: for a user without an entry it throws. */
function absoluteOf(home: () => string): string | undefined {
  try {
    const path = home();
    return isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

export function thisMachine(version: string): Machine {
  return {
    version,
    homeDir: homedir(),
    workDir: process.cwd(),
    // Of everything that knows the locale this loads the least: a server's start counts.
    locale: new Intl.PluralRules().resolvedOptions().locale,
    hasFileModes: platform() !== 'win32',
  };
}

/** Where applications of this platform keep the configuration of their user. */
export function appConfigDir(): string {
  const home = homedir();
  if (platform() === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform() === 'win32') return process.env['APPDATA'] || join(home, 'AppData', 'Roaming');
  return process.env['XDG_CONFIG_HOME'] || join(home, '.config');
}
