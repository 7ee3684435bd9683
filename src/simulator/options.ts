// Owns what a simulator can be told, and what it shows of itself.
import type { PaginateForm } from './audit-page.ts';
import type { FaultPlan } from './faults.ts';
import type { PostedMessage } from './message-endpoint.ts';
import type { Company, SimEvent, SimUser } from './model.ts';
import type { RateLimit } from './rate-limit.ts';
import type { TokenEntry } from './tokens.ts';

export interface SimulatorOptions {
  /** People and events; see buildCompany. */
  company?: Company;
  /** Events instead of a company's, in any order. */
  events?: Iterable<SimEvent>;
  /** People instead of a company's. Default without a company: the owner 1000 and the administrator 1001. */
  users?: readonly SimUser[];
  ownerId?: number;
  /** The API's clock, milliseconds. Default: goes on from the company's `now`; without a company, the system's. */
  now?: () => number;
  /** Of cursors, event ids and fault sizes. Default 1. */
  seed?: number;
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** How long every answer takes, milliseconds. */
  latencyMs?: number | (() => number);
  /** Requests a second for one token; default 50; null for none. */
  rateLimit?: number | RateLimit | null;
  /** Messages a second into one chat; default 4; null for none. */
  messageRateLimit?: number | RateLimit | null;
  paginateForm?: PaginateForm;
  /** Default true, as the vendor's page of 2026-07-28 has it; false is the older reference page. */
  endTimeInclusive?: boolean;
  /** Longest window, days; a longer one is a 422 `invalid_date_range`. Default null: any. */
  maxRangeDays?: number | null;
  /** How long the log keeps events, days; default 90; null for ever. */
  retentionDays?: number | null;
  /** Every read of the log writes an event. Default true. */
  logsOwnReads?: boolean;
  /** Keys that the filter accepts beside the documented 45. */
  extraEventKeys?: readonly string[];
  faults?: FaultPlan;
  /** The owner's token. Default DEMO_TOKEN. */
  token?: string;
  /** Tokens beside the owner's and the demo ones. */
  tokens?: readonly TokenEntry[];
  /** Called for every request that was answered, or was not (`status` 0: dropped). */
  onRequest?: (request: SeenRequest) => void;
}

export interface SeenRequest {
  method: string;
  /** Path and query as they came. */
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  status: number;
}

export interface RequestCounters {
  total: number;
  /** By HTTP status; 0 is a dropped connection. A cut body counts as its status. */
  byStatus: Record<number, number>;
  /** Requests answered with 200, by path behind the base path. */
  okByPath: Record<string, number>;
  /** Most requests that were open at once. */
  maxInFlight: number;
}

export interface Simulator {
  /** Base URL: `http://127.0.0.1:<port>/api/shared/v1`. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly ownerId: number;
  readonly requests: Readonly<RequestCounters>;
  readonly messages: readonly PostedMessage[];
  /** Adds events while it runs, wherever their times put them. */
  append(events: Iterable<SimEvent>): void;
  /** The whole log, oldest first, own reads included. */
  events(): SimEvent[];
  close(): Promise<void>;
}
