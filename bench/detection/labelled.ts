// Owns labelled event streams: their files, and how they run through the rules and the scores.
import { createReadStream, openSync, readSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { compareEvents, eventTimeMs, isAuditEvent, type AuditEvent } from '../../src/audit/event.ts';
import { defineDetector, SEVERITIES, type Detector, type Finding } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../src/detect/index.ts';
import { createLoginRisk, type LoginRisk } from '../../src/detect/login-risk.ts';
import { changeRun } from '../../src/detect/risky-changes.ts';
import { fixedPoints, freeman, newNetworkAndNewClient } from './baselines.ts';

const DAY_MS = 86_400_000;
export const WARM_UP_MS = 30 * DAY_MS;

const labelsSchema = z.array(
  z.object({
    incident: z.string(),
    kind: z.string(),
    event_ids: z.array(z.string()),
    /** Judged at its moment, and never learned. */
    what_if: z.boolean().nullish(),
    /** How grave it is meant to be; what is not said counts as grave. */
    severity: z.enum(SEVERITIES).optional(),
  }),
);
export type Label = z.output<typeof labelsSchema>[number];

export interface Labelled {
  readonly name: string;
  /** Stories that look odd and are not: nothing above low may be said about them. */
  readonly benign?: readonly Label[];
  /** Oldest first. */
  readonly events: readonly AuditEvent[];
  readonly labels: readonly Label[];
}

/** By its first bytes: a name may lie. */
function isGzip(path: string): boolean {
  const first = new Uint8Array(2);
  const file = openSync(path, 'r');
  readSync(file, first);
  closeSync(file);
  return first[0] === 0x1f && first[1] === 0x8b;
}

function eventIn(line: string): AuditEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isAuditEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An NDJSON file of events in any order, plain or gzip, and its labels. `warn` is told what does not fit together and is
 * left out.
 */
export async function readLabelled(
  eventsPath: string,
  labelsPath: string,
  warn: (message: string) => void,
): Promise<Labelled> {
  const file = createReadStream(eventsPath);
  const input = isGzip(eventsPath) ? file.pipe(createGunzip()) : file;
  const events = new Map<string, AuditEvent>();
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const event = eventIn(line.replace(/^\uFEFF/, ''));
    if (event === undefined) warn(`${eventsPath}: line ${number} is no audit event`);
    else events.set(event.id, event);
  }
  const labels = labelsSchema.parse(JSON.parse(readFileSync(labelsPath, 'utf8')));
  const strangers = labels.flatMap(({ event_ids }) => event_ids).filter((id) => !events.has(id));
  if (strangers.length > 0)
    warn(`${labelsPath}: ids of no event of ${eventsPath}: ${strangers.length}, first ${strangers[0]}`);
  return { name: eventsPath, events: [...events.values()].toSorted(compareEvents), labels };
}

export interface ScoredLogin {
  readonly event: AuditEvent;
  /** Kind of the label; undefined for a benign login. */
  readonly kind: string | undefined;
  readonly risk: LoginRisk;
  /** Logins of the actor before this one. */
  readonly history: number;
  /** Scores of the rivals by name. */
  readonly rivals: Readonly<Record<string, number>>;
}

export interface Judged {
  readonly findings: readonly Finding[];
  /** Every login after the warm-up. */
  readonly logins: readonly ScoredLogin[];
  readonly windowMs: number;
  readonly actors: number;
}

/** A rule that raises nothing: it scores every login, where the real one skips what is known, with the rivals beside it. */
function probeFor(kinds: ReadonlyMap<string, string>) {
  const rivals = [freeman(), fixedPoints(), newNetworkAndNewClient()];
  const logins: ScoredLogin[] = [];
  const histories = new Map<string, number>();
  const detector: Detector = defineDetector({
    rule: 'login_risk',
    code: 'L7',
    severity: 'low',
    eventKeys: ['user_login'],
    baseline: 'actor',
    techniques: [],
    params: {},
    logic: { en: '', ru: '' },
    blindSpots: { en: '', ru: '' },
    start() {
      const model = createLoginRisk();
      return {
        observe(seen) {
          const { actorId = '', networks, client, event } = seen;
          const login = { actorId, networks, client };
          const history = histories.get(actorId) ?? 0;
          if (seen.judged) {
            logins.push({
              event,
              kind: kinds.get(event.id),
              risk: model.score(seen),
              history,
              rivals: Object.fromEntries(rivals.map((rival) => [rival.name, rival.score(login)])),
            });
          }
          if (seen.trial) return;
          histories.set(actorId, history + 1);
          model.observe(seen);
          for (const rival of rivals) rival.learn(login);
        },
        learn: (activity) => model.learn(activity),
      };
    },
  });
  return { detector, logins };
}

/** Runs rules and scores over a stream: 30 days of warm-up, then everything is judged. */
export function judge({ events, labels }: Labelled): Judged {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return { findings: [], logins: [], windowMs: 0, actors: 0 };
  const window = { startMs: eventTimeMs(first) + WARM_UP_MS, endMs: eventTimeMs(last) + 1 };
  const whatIf = new Set(labels.flatMap((label) => (label.what_if === true ? label.event_ids : [])));
  const probe = probeFor(new Map(labels.flatMap(({ kind, event_ids }) => event_ids.map((id) => [id, kind] as const))));
  const shared = { window, lang: 'en', isTrial: (event: AuditEvent) => whatIf.has(event.id) } as const;
  // Two runs, as the two tools make them: each reads what its rules look at, and learns from nothing else.
  const runs = [{ detectors: LOGIN_DETECTORS, supporting: [probe.detector] }, changeRun()].map((rules) => {
    const run = createEngine({ ...shared, ...rules });
    const keys = new Set<string>([...rules.detectors, ...rules.supporting].flatMap(({ eventKeys }) => eventKeys));
    run.push(events.filter(({ event_key: key }) => keys.has(key)));
    return run;
  });
  return {
    findings: runs.flatMap((run) => run.finish().findings),
    logins: probe.logins,
    windowMs: window.endMs - window.startMs,
    actors: new Set(events.map((event) => event.actor_id)).size,
  };
}

/** Writes `[{ event_id, score }]` for every login after the warm-up. */
export function writeScores(path: string, logins: readonly ScoredLogin[]): void {
  const scores = logins.map(({ event, risk }) => ({ event_id: event.id, score: risk.total }));
  writeFileSync(path, `${JSON.stringify(scores)}\n`);
}
