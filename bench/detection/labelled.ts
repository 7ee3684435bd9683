// Owns labelled event streams: their files, and how they run through the rules and the scores.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { auditEventSchema, compareEvents, eventTimeMs, type AuditEvent } from '../../src/audit/event.ts';
import { defineDetector, type Finding } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../src/detect/index.ts';
import { changeRun } from '../../src/detect/risky-changes.ts';
import { createLoginRisk, type LoginRisk } from '../../src/detect/login-risk.ts';
import { fixedPoints, freeman, newNetworkAndNewClient } from './baselines.ts';

const DAY_MS = 86_400_000;
export const WARM_UP_MS = 30 * DAY_MS;

const labelsSchema = z.array(
  z.object({ incident: z.string(), kind: z.string(), event_ids: z.array(z.string()), what_if: z.boolean().optional() }),
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

/** An NDJSON file of events (or .gz) and its labels. */
export function readLabelled(eventsPath: string, labelsPath: string): Labelled {
  const raw = readFileSync(eventsPath);
  const text = (eventsPath.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => auditEventSchema.parse(JSON.parse(line)));
  const labels = labelsSchema.parse(JSON.parse(readFileSync(labelsPath, 'utf8')));
  return { name: eventsPath, events: events.toSorted(compareEvents), labels };
}

export interface ScoredLogin {
  readonly event: AuditEvent;
  /** Kind of the label; undefined for a benign login. */
  readonly kind: string | undefined;
  readonly risk: LoginRisk;
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

/** Runs rules and scores over a stream: 30 days of warm-up, then everything is judged. */
export function judge({ events, labels }: Labelled): Judged {
  const startMs = eventTimeMs(events[0] ?? { id: '', created_at: '1970-01-01T00:00:00Z', event_key: '' }) + WARM_UP_MS;
  const last = events.at(-1);
  const endMs = last === undefined ? startMs : eventTimeMs(last) + 1;
  const kinds = new Map(labels.flatMap(({ kind, event_ids }) => event_ids.map((id) => [id, kind] as const)));
  const whatIf = new Set(labels.flatMap((label) => (label.what_if === true ? label.event_ids : [])));
  const rivals = [freeman(), fixedPoints(), newNetworkAndNewClient()];
  const logins: ScoredLogin[] = [];
  const actors = new Set<string>();
  const probe = defineDetector({
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
          actors.add(actorId);
          if (seen.judged) {
            logins.push({
              event,
              kind: kinds.get(event.id),
              risk: model.score(actorId, seen),
              rivals: Object.fromEntries(rivals.map((rival) => [rival.name, rival.score(login)])),
            });
          }
          if (seen.trial) return;
          model.observe(actorId, seen);
          for (const rival of rivals) rival.learn(login);
        },
        learn: (activity) => model.learn(activity),
      };
    },
  });
  const shared = {
    window: { startMs, endMs },
    lang: 'en',
    isTrial: (event: AuditEvent) => whatIf.has(event.id),
  } as const;
  // Two runs, as the two tools make them.
  const runs = [
    createEngine({ ...shared, detectors: LOGIN_DETECTORS, supporting: [probe] }),
    createEngine({ ...shared, ...changeRun() }),
  ];
  for (const run of runs) run.push(events);
  const findings = runs.flatMap((run) => run.finish().findings);
  return { findings, logins, windowMs: endMs - startMs, actors: actors.size };
}

/** Writes `[{ event_id, score }]` for every login after the warm-up. */
export function writeScores(path: string, logins: readonly ScoredLogin[]): void {
  const scores = logins.map(({ event, risk }) => ({ event_id: event.id, score: risk.total }));
  writeFileSync(path, `${JSON.stringify(scores)}\n`);
}
