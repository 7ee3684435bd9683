// Owns what goes wrong: by sentinel input that a person can type, and by a seeded plan that a test can write.
import { createRandom } from './random.ts';

/** Faults of the way: the answer does not arrive, or not as it should. */
export const TRANSPORT_FAULTS = ['bad_gateway', 'unavailable', 'dropped', 'cut_body', 'rate_limited', 'slow'] as const;
/** Faults of the page: a 200 that is not what one hopes for. `narrow_range` is a 422 that asks for a smaller window. */
export const PAGE_FAULTS = [
  'duplicates',
  'empty_page',
  'short_page',
  'repeated_cursor',
  'late_event',
  'narrow_range',
] as const;
export type TransportFault = (typeof TRANSPORT_FAULTS)[number];
export type PageFault = (typeof PAGE_FAULTS)[number];
export type FaultName = TransportFault | PageFault;

/**
 * `GET /audit_events` with one of these as `entity_id` fails as named, every time; anything else works. So a person who
 * tries the program can ask for each failure: "list events of entity demo-bad-gateway".
 */
export const SENTINEL_ENTITY_IDS: ReadonlyMap<string, FaultName> = new Map([
  ['demo-bad-gateway', 'bad_gateway'],
  ['demo-unavailable', 'unavailable'],
  ['demo-dropped', 'dropped'],
  ['demo-cut-body', 'cut_body'],
  ['demo-rate-limited', 'rate_limited'],
  ['demo-slow', 'slow'],
  ['demo-loop', 'repeated_cursor'],
  ['demo-narrow', 'narrow_range'],
]);

export interface FaultPlan {
  seed?: number;
  /** What happens to the first requests, in the order of their arrival; chance takes over after that. */
  script?: readonly (FaultName | 'none')[];
  /** Chance of each fault, 0–1, by request. At most one transport fault and one page fault come together. */
  probabilities?: Partial<Record<FaultName, number>>;
  /** Form of `Retry-After` on a planned 429. `mixed` draws one. Default `seconds`. */
  retryAfter?: RetryAfterForm | 'mixed';
  /** Default 1. */
  retryAfterSeconds?: number;
  /** How long a slow answer takes. Default 3000. */
  slowMs?: number;
  /** How far back a late event is dated, at most. Default 60,000. */
  lateByMs?: number;
  /** Default: `GET /audit_events` alone. */
  everywhere?: boolean;
}

export type RetryAfterForm = 'seconds' | 'date' | 'none';

export interface Faults {
  transport?: TransportFault;
  page?: PageFault;
}

export interface FaultSource {
  /** What goes wrong with the request that has just come. */
  next(): Faults;
  retryAfterForm(): RetryAfterForm;
  /** A number in [0, 1), for the size of a fault. */
  random(): number;
}

const isTransport = (name: string): name is TransportFault => TRANSPORT_FAULTS.some((fault) => fault === name);
const isPage = (name: string): name is PageFault => PAGE_FAULTS.some((fault) => fault === name);

export function faultsOf(name: FaultName | 'none' | undefined): Faults {
  if (name === undefined || name === 'none') return {};
  return isTransport(name) ? { transport: name } : { page: name };
}

export function createFaultSource(plan: FaultPlan): FaultSource {
  const random = createRandom(plan.seed ?? 1);
  const script = [...(plan.script ?? [])];
  const planned = Object.entries(plan.probabilities ?? {});
  const draw = (among: readonly [string, number][]): string | undefined => {
    let left = random.next();
    return among.find(([, probability]) => (left -= probability) < 0)?.[0];
  };
  const transports = planned.filter(([name]) => isTransport(name));
  const pages = planned.filter(([name]) => isPage(name));
  return {
    next() {
      if (script.length > 0) return faultsOf(script.shift());
      const transport = draw(transports);
      const page = draw(pages);
      return {
        ...(transport !== undefined && isTransport(transport) && { transport }),
        ...(page !== undefined && isPage(page) && { page }),
      };
    },
    retryAfterForm() {
      const form = plan.retryAfter ?? 'seconds';
      return form === 'mixed' ? random.pick(['seconds', 'date', 'none'] as const) : form;
    },
    random: () => random.next(),
  };
}
