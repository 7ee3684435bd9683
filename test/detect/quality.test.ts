// The quality of all rules together on small companies of the development seeds, so that a step back is seen at once.
// The whole measurement is `npm run eval:detection`; see docs/evaluation.md.
import { describe, expect, test } from 'vitest';
import { companyStream, DEVELOPMENT_SEEDS } from '../../bench/detection/companies.ts';
import { judge, type Judged, type Labelled } from '../../bench/detection/labelled.ts';
import { mean, scoreFigures } from '../../bench/detection/metrics.ts';
import { covers, figuresOf, placesOf, rulesOf } from '../../bench/detection/report.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';

const DAY_MS = 86_400_000;
/** As the simulator names them. */
const HARMLESS = [
  'office_move',
  'app_update',
  'shared_address',
  'travelling_salesman',
  'new_laptop',
  'night_shift',
  'two_factor_typos',
  'new_hires',
  'offboarding_day',
] as const;

function judged(data: Labelled): { data: Labelled; judged: Judged } {
  return { data, judged: judge(data) };
}

describe('a company with an incident of every kind', () => {
  const company = judged(companyStream('struck', { seed: DEVELOPMENT_SEEDS[0], people: 80, incidents: 'all' }));
  const figures = figuresOf(rulesOf(company.data, company.judged));

  test('has nearly all of those that are meant to be medium or above found', () => {
    expect(figures.incidents).toBeGreaterThan(25);
    expect(figures.recall).toBeGreaterThanOrEqual(0.95);
  });

  test('has few findings of medium and above that show nothing', () => {
    expect(figures.precision).toBeGreaterThanOrEqual(0.85);
  });

  test('has its stolen logins scored above the others, better than by any of the three rivals', () => {
    const { logins } = company.judged;
    const [attacks, benign] = [true, false].map((isAttack) =>
      logins.filter(({ kind }) => (kind !== undefined) === isAttack),
    );
    const aucOf = (score: (login: (typeof logins)[number]) => number) =>
      scoreFigures((attacks ?? []).map(score), (benign ?? []).map(score)).auc;
    const own = aucOf(({ risk }) => risk.total);
    const rivals = Object.keys(logins[0]?.rivals ?? {}).map((name) => aucOf(({ rivals: scores }) => scores[name] ?? 0));
    expect(rivals).toHaveLength(3);
    expect(own).toBeGreaterThan(Math.max(...rivals));
    expect(own).toBeGreaterThan(0.99);
  });
});

/** Two quiet companies: an ordinary one and one whose people travel. */
const quiet = [
  judged(companyStream('quiet', { seed: DEVELOPMENT_SEEDS[1], people: 150, incidents: 'none' })),
  judged(companyStream('travelling', { seed: DEVELOPMENT_SEEDS[2], people: 60, travel: 'high', incidents: 'none' })),
];

describe('a quiet company', () => {
  test('has at most 5 findings of medium and above for 1,000 people and week', () => {
    const price = quiet.map(({ data, judged: result }) => figuresOf(rulesOf(data, result)).alertsPerThousandAndWeek);
    expect(mean(price)).toBeLessThanOrEqual(5);
  });

  test.each(HARMLESS)('has nothing above low to say about %s', (story) => {
    for (const { data, judged: result } of quiet) {
      const label = data.benign?.find(({ kind }) => kind === story);
      expect(label?.event_ids.length).toBeGreaterThan(0);
      const places = placesOf(data);
      const about = result.findings.filter(
        (finding) => finding.severity !== 'low' && label !== undefined && covers(finding, label, places),
      );
      expect(about).toEqual([]);
    }
  });
});

test('the demo company has no high finding in its quiet weeks, which end two weeks ago', () => {
  const nowMs = Date.parse('2026-08-31T21:00:00Z');
  const { events, incidents } = buildCompany({ seed: 1, now: nowMs });
  const struckFrom = new Date(nowMs - 15 * DAY_MS).toISOString();
  expect(incidents.every(({ first_at }) => first_at >= struckFrom)).toBe(true);
  const { findings } = judge({ name: 'demo', events: events.map((event) => ({ ...event })), labels: [] });
  const grave = findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  expect(grave.filter(({ first_at }) => first_at < struckFrom)).toEqual([]);
  expect(grave.length).toBeGreaterThan(5);
});
