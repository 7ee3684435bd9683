// Owns the labelled companies of the simulator on which detection is measured: seeds, sizes, travel.
import { buildCompany, type CompanyOptions } from '../../src/simulator/dataset.ts';
import type { Labelled } from './labelled.ts';

const NOW_MS = Date.parse('2026-08-31T21:00:00Z');

/** A company as a labelled stream; the warm-up is its first 30 days. */
export function companyStream(name: string, options: Omit<CompanyOptions, 'now'>): Labelled {
  const company = buildCompany({ now: NOW_MS, ...options });
  return {
    name: `${name} (seed ${options.seed}, ${options.people ?? 320} people)`,
    events: company.events.map((event) => ({ ...event })),
    labels: company.incidents.map(({ incident, kind, event_ids }) => ({ incident, kind, event_ids })),
    benign: company.benign.map(({ story, event_ids }) => ({ incident: story, kind: story, event_ids })),
  };
}

/** What is measured for one seed: sizes and levels of travel with every kind of incident, and a quiet company. */
export function companiesOf(seed: number): (readonly [string, Omit<CompanyOptions, 'now'>])[] {
  return [
    ['small', { seed, people: 40, incidents: 'all' }],
    ['medium', { seed: seed + 1, people: 200, incidents: 'all' }],
    ['medium, nobody travels', { seed: seed + 2, people: 200, travel: 'none', incidents: 'all' }],
    ['medium, many travel', { seed: seed + 3, people: 200, travel: 'high', incidents: 'all' }],
    ['quiet', { seed: seed + 4, people: 320, incidents: 'none' }],
  ];
}
