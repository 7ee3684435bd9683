// Owns how the parts fit together for one source of events; main starts it, and tests start it over a simulator of their own.
import { randomUUID } from 'node:crypto';
import { watchClock, type ApiClock } from './audit/api-clock.ts';
import { createAlerts } from './audit/alerts.ts';
import { createApiLog } from './audit/api-log.ts';
import type { AuditLog, AuditRead, SliceRead } from './audit/audit-log.ts';
import type { AuditEvent } from './audit/event.ts';
import { createPeople } from './audit/people.ts';
import type { IsOwnRead } from './audit/query.ts';
import { createTokenInfo, type TokenInfoReader } from './audit/token.ts';
import { inWholeSeconds } from './audit/whole-seconds.ts';
import type { Clock } from './clock.ts';
import { createExporter } from './export/exporter.ts';
import { createExportJobs } from './export/jobs.ts';
import { createExportShelf } from './export/shelf.ts';
import type { Proxy } from './http/attempt.ts';
import { createHttpClient } from './http/create-http-client.ts';
import type { HttpClient } from './http/http-client.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { isOwnUserAgent, userAgent } from './installation.ts';
import type { ToolParts, ToolSettings } from './mcp/tool.ts';
import { createLocalStore, createNameShelf } from './store/local-store.ts';
import type { StoreNotice } from './store/notices.ts';
import { createStoredLog } from './store/stored-log.ts';

/** What of the log is kept on this side. */
export interface StoreSettings {
  /** Folder for closed days; absent: memory alone. */
  readonly dir?: string;
  /** How many days back the folder keeps. */
  readonly keepDays?: number;
  /** How long a day must be over before it is kept. */
  readonly sealAfterMs?: number;
  readonly onNotice?: (notice: StoreNotice) => void;
}

export interface PartsOptions {
  readonly source: {
    readonly kind: 'api' | 'demo';
    readonly baseUrl: string;
    readonly token: () => string;
    readonly proxy?: Proxy;
  };
  readonly settings: Omit<ToolSettings, 'source' | 'apiUrl' | 'file'>;
  /** Most requests a second. */
  readonly rate: number;
  readonly exportDir: string;
  readonly version: string;
  /** The random id that our User-Agent carries. */
  readonly installationId: string;
  readonly clock: Clock;
  readonly toolNames: readonly string[];
  /** Ids of the users who may receive alerts. */
  readonly alertTo?: readonly string[] | undefined;
  /** Absent: every question goes to the API. */
  readonly store?: StoreSettings;
}

export interface Parts extends ToolParts {
  close(): Promise<void>;
}

/** Ours are the reads with our User-Agent by our token's user: the same user with another agent may be a stolen token. */
function ownReads(installationId: string) {
  let ownerId: string | undefined;
  const isOwnRead: IsOwnRead = (event: AuditEvent) =>
    event.event_key === 'audit_events_accessed' &&
    isOwnUserAgent(event.user_agent ?? '', installationId) &&
    (ownerId === undefined || event.actor_id === ownerId);
  return {
    isOwnRead,
    /** Whether the owner is known. */
    async learnOwner(token: TokenInfoReader): Promise<boolean> {
      if (ownerId !== undefined) return true;
      try {
        ownerId = (await token.read()).user_id;
      } catch {
        // A token that can not be asked about will fail at the log too, with the right error; the random id has to do.
      }
      return ownerId !== undefined;
    },
  };
}

/** `log`, with `ready` awaited before the first event of every read. As long as it gives false, reads are not all alike. */
function after(ready: () => Promise<boolean>, log: AuditLog): AuditLog {
  // Reads are opened after it too: by then the API has told its time.
  async function* waited<T>(items: () => AsyncIterable<T>): AsyncGenerator<T> {
    await ready();
    yield* items();
  }
  return {
    read(query, options): AuditRead {
      let opened: AuditRead | undefined;
      const read = () => (opened ??= log.read(query, options));
      return { batches: waited(() => read().batches), coverage: () => read().coverage() };
    },
    readSlices(query, options): SliceRead {
      let opened: SliceRead | undefined;
      const read = () => (opened ??= log.readSlices(query, options));
      return { slices: waited(() => read().slices), coverage: () => read().coverage() };
    },
    fingerprint: async (query) => ((await ready()) ? log.fingerprint?.(query) : undefined),
  };
}

interface LogParts {
  readonly http: HttpClient;
  readonly token: TokenInfoReader;
  readonly own: ReturnType<typeof ownReads>;
  readonly apiClock: ApiClock;
}

/** The log that is asked, and what of it is kept on this side, where anything is. */
function createLogs({ source, clock, store }: PartsOptions, { http, token, own, apiClock }: LogParts) {
  const { isOwnRead, learnOwner } = own;
  const apiLog = createApiLog({ http, clock, isOwnRead, edgeNowMs: apiClock.edgeNowMs });
  const stored =
    store &&
    createStoredLog({
      inner: apiLog,
      scope: async () => ({ apiUrl: source.baseUrl, ownerId: (await token.read()).user_id }),
      clock,
      logNowMs: apiClock.logNowMs,
      edgeNowMs: apiClock.edgeNowMs,
      isOwnRead,
      ...store,
    });
  return { log: inWholeSeconds(after(() => learnOwner(token), stored ?? apiLog)), stored };
}

/** Whose log the token reads. Where that cannot be asked, what this process has begun goes on in it alone. */
function logIdOf(token: TokenInfoReader): () => Promise<string> {
  const unknown = randomUUID();
  return async () => {
    try {
      return (await token.read()).user_id;
    } catch {
      return unknown;
    }
  };
}

export function createParts(options: PartsOptions): Parts {
  const { source, clock, version } = options;
  const client = createHttpClient({
    baseUrl: source.baseUrl,
    token: source.token,
    ...(source.proxy === undefined ? {} : { proxy: source.proxy }),
    userAgent: userAgent(version, options.installationId),
    clock,
    rateLimit: createRateLimit({ perSecond: options.rate, clock }),
  });
  const { http, apiClock } = watchClock(client, clock);
  const token = createTokenInfo({ http, clock });
  const own = ownReads(options.installationId);
  const { isOwnRead } = own;
  const { log, stored } = createLogs(options, { http, token, own, apiClock });
  const storeDir = options.store?.dir;
  const exporter = createExporter({
    auditLog: log,
    clock,
    exportDir: options.exportDir,
    programVersion: version,
    source: { kind: source.kind, location: source.kind === 'demo' ? 'embedded simulator' : source.baseUrl },
    logId: logIdOf(token),
    isOwnRead,
  });
  const exports = createExportJobs(exporter, clock);
  return {
    log,
    ...(stored === undefined || storeDir === undefined ? {} : { store: createLocalStore(storeDir, stored) }),
    people: createPeople({
      http,
      clock,
      shelf: stored && storeDir !== undefined ? createNameShelf(stored) : undefined,
    }),
    token,
    apiClock,
    exports,
    exportShelf: createExportShelf(options.exportDir),
    alerts: createAlerts({ http, recipients: options.alertTo ?? [] }),
    clock,
    isOwnRead,
    settings: { ...options.settings, source: source.kind, apiUrl: source.baseUrl },
    toolNames: options.toolNames,
    async close() {
      // What runs in the background puts away what it has read, and does not wait for answers that will not come.
      await exports.close();
      await http.close();
    },
  };
}
