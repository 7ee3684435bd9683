// Owns what the configuration takes from the machine it runs on.
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

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
