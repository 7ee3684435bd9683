// Owns the labelled companies of the simulator on which detection is measured: seeds, sizes, travel.
import { buildCompany, type CompanyOptions } from '../../src/simulator/dataset.ts';
import type { Labelled } from './labelled.ts';

/** Rules are tuned on these alone; docs/evaluation.md names those that nobody looked at while tuning. */
export const DEVELOPMENT_SEEDS = [1, 11, 21] as const;

const NOW_MS = Date.parse('2026-08-31T21:00:00Z');

/** A company as a labelled stream; the warm-up is its first 30 days. */
export function companyStream(name: string, options: Omit<CompanyOptions, 'now'>): Labelled {
  const company = buildCompany({ now: NOW_MS, ...options });
  return {
    name: `${name} (seed ${options.seed})`,
    events: company.events.map((event) => ({ ...event })),
    labels: company.incidents.map(({ incident, kind, severity, event_ids }) => ({
      incident,
      kind,
      severity,
      event_ids,
    })),
    benign: company.benign.map(({ story, event_ids }) => ({ incident: story, kind: story, event_ids })),
  };
}

export interface MeasuredCompany {
  readonly name: string;
  readonly options: Omit<CompanyOptions, 'now'>;
}

/** What is measured for one seed: sizes and levels of travel with every kind of incident, and quiet companies. */
export function companiesOf(seed: number): MeasuredCompany[] {
  const shapes: readonly (readonly [string, Omit<CompanyOptions, 'now' | 'seed'>])[] = [
    ['40 people', { people: 40, incidents: 'all' }],
    ['200 people', { people: 200, incidents: 'all' }],
    ['200 people, nobody travels', { people: 200, travel: 'none', incidents: 'all' }],
    ['200 people, many travel', { people: 200, travel: 'high', incidents: 'all' }],
    ['1000 people', { people: 1000, incidents: 'all' }],
    ['quiet, 320 people', { people: 320, incidents: 'none' }],
    ['quiet, 200 people, many travel', { people: 200, travel: 'high', incidents: 'none' }],
  ];
  return shapes.map(([name, shape], index) => ({ name, options: { seed: seed + index, ...shape } }));
}
