// Owns how the configuration becomes parts: the API, the embedded simulator or an exported file, and the store before them.
import { join } from 'node:path';
import { systemTimeZone } from './audit/zone.ts';
import { requireToken, type Config } from './config.ts';
import { defaultDataDir, openInstallation } from './installation.ts';
import type { Log } from './log.ts';
import { createParts, type Parts, type PartsOptions, type StoreSettings } from './parts.ts';
import { systemClock } from './system-clock.ts';

interface Source {
  readonly options: PartsOptions['source'];
  close(): Promise<void>;
}

/** The API, or the embedded simulator: no token, no network. */
async function openSource(config: Config, startDemo: OpenPartsOptions['startDemo']): Promise<Source> {
  if (config.demo) {
    const simulator = await startDemo();
    return {
      options: { kind: 'demo', baseUrl: simulator.url, token: () => simulator.token },
      close: () => simulator.close(),
    };
  }
  const { apiUrl: baseUrl, proxy: url, noProxy = '' } = config;
  return {
    // Asked at the first request: a server without a token starts, and says what is missing where an agent can read it.
    options: {
      kind: 'api',
      baseUrl,
      token: () => requireToken(config),
      ...(url === undefined ? {} : { proxy: { url, noProxy } }),
    },
    close: () => Promise.resolve(),
  };
}

/** The demo's company is made anew at every start, so nothing of it is worth a file; memory serves both. */
function storeOf(config: Config, log: Log): StoreSettings {
  if (config.demo || config.isWithoutStore) return {};
  return {
    dir: config.storeDir ?? join(defaultDataDir(), 'store'),
    keepDays: config.storeDays,
    sealAfterMs: config.storeLateHours * 3_600_000,
    onNotice: ({ code, words }) => log.warn('store', { code, notice: words.en }),
  };
}

export interface OpenPartsOptions {
  readonly config: Config;
  readonly version: string;
  /** Names of the tools that are served. */
  readonly toolNames: readonly string[];
  readonly log: Log;
  /** Starts the embedded simulator. */
  startDemo(): Promise<Demo>;
}

export interface Demo {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

/** The parts for the source that the configuration names; closing them closes it. */
export async function openParts({ config, version, toolNames, log, startDemo }: OpenPartsOptions): Promise<Parts> {
  const { timeZone = systemTimeZone(), lang, maxRequests, exportDir, from } = config;
  const dataDir = defaultDataDir();
  const { id, isPersisted } = await openInstallation(dataDir);
  const options = {
    // The demo's log holds no reads of an earlier run.
    settings: { timeZone, lang, maxRequests, ...(isPersisted || config.demo ? {} : { idNotKeptIn: dataDir }) },
    exportDir,
    version,
    installationId: id,
    clock: systemClock,
    toolNames,
  };
  if (from !== undefined) {
    const { createFileParts } = await import('./file-parts.ts');
    return createFileParts({ ...options, path: from });
  }
  const source = await openSource(config, startDemo);
  const store = storeOf(config, log);
  const parts = createParts({ ...options, source: source.options, rate: config.rate, alertTo: config.alertTo, store });
  const close = async (): Promise<void> => {
    await parts.close();
    await source.close();
  };
  return { ...parts, close };
}
