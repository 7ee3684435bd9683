// Tests L7, login_risk: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { CHROME, DAY, detect, event, history, HOUR, LINUX_FIREFOX, MAC_APP, STRANGE } from '../support/events.ts';

const RULES = ['login_risk'] as const;
const people = Array.from({ length: 12 }, (_, index) => String(100 + index));
const homeOf = (actor: string) => `91.${Number(actor) - 60}.1.7`;
const deviceOf = (actor: string) => (Number(actor) % 2 === 0 ? CHROME : MAC_APP);
/** A small company: everybody at home with a Mac app or Chrome, for a month; now and then one of them is on a train. */
const company = people.flatMap((actor, index) => {
  const device = { actor, ua: deviceOf(actor) };
  const train = event({ at: -(2 * index + 3) * DAY + HOUR, ip: `91.${Number(actor) - 60}.200.${index}`, ...device });
  return [...history({ ip: homeOf(actor), ...device }, 30), train];
});
const stranger = (actor = '100', at = 0) => event({ at, actor, ip: STRANGE, ua: LINUX_FIREFOX });
const findings = (events: readonly AuditEvent[]) => detect(events, RULES).findings;

describe('login_risk', () => {
  test('a login from nowhere with a client that nobody has is medium, and why shows the parts of the score', () => {
    const [finding, ...others] = findings([...company, stranger()]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'login_risk', severity: 'medium', actor_ids: ['100'] });
    const parts =
      /^Actor 100 came from \S+ with .+\. Risk (\S+): network (\S+), client (\S+), pace since other logins (\S+), hour (\S+);/.exec(
        finding?.why ?? '',
      );
    const [score = 0, ...terms] = (parts ?? []).slice(1).map(Number);
    expect(terms).toHaveLength(4);
    expect(score).toBeCloseTo(finding?.score ?? Number.NaN, 1);
  });

  test('a company in which nobody ever moved has its strangers too', () => {
    const still = people.flatMap((actor) => history({ actor, ip: homeOf(actor), ua: deviceOf(actor) }, 30));
    expect(findings([...still, stranger()])).toMatchObject([{ severity: 'medium', actor_ids: ['100'] }]);
  });

  test('three earlier logins are needed; with two it is left out and counted', () => {
    const newcomer = (days: number) => [...company, ...history({ actor: '200' }, days), stranger('200')];
    expect(findings(newcomer(3))).toHaveLength(1);
    expect(detect(newcomer(2), RULES)).toMatchObject({ findings: [], leftOut: { short_history: 1 } });
  });

  test('the usual place with the usual client is none, whatever the hour', () => {
    expect(findings([...company, event({ at: 17 * HOUR, actor: '100', ip: homeOf('100') })])).toEqual([]);
  });

  test('a new address of the usual provider with the usual client is none', () => {
    expect(findings([...company, event({ at: 0, actor: '100', ip: homeOf('100').replace('.7', '.99') })])).toEqual([]);
  });

  test('without a week of earlier days there is no usual week to compare with: left out and counted', () => {
    const short = company.filter(({ created_at }) => Date.parse(created_at) > Date.parse('2026-03-03T00:00:00Z'));
    expect(detect([...short, stranger()], RULES)).toMatchObject({ findings: [], leftOut: { short_history: 1 } });
  });

  test('the second login of a stranger an hour later scores no lower: the first has taught nothing', () => {
    const twice = findings([...company, stranger(), stranger('100', HOUR)]);
    expect(twice).toMatchObject([{ severity: 'medium', event_count: 2 }]);
  });

  test('no events, and logins without address and client, are no finding', () => {
    expect(findings([])).toEqual([]);
    expect(findings([...company, event({ at: 0, actor: '100', ip: null, ua: null })])).toEqual([]);
    expect(findings([...company, event({ at: DAY, actor: '100', ip: null })])).toEqual([]);
  });
});
