// Tests how activities wait before anything is learned from them.
import { expect, test } from 'vitest';
import type { SeenEvent } from '../../src/detect/detector.ts';
import { createQuarantine, type Quarantine } from '../../src/detect/quarantine.ts';
import { createSeer } from '../../src/detect/seer.ts';
import { event, HOME, HOUR, LINUX_FIREFOX, MINUTE, OFFICE, T0 } from './support/events.ts';

const see = createSeer({ window: { startMs: 0, endMs: Number.MAX_SAFE_INTEGER } });
function seen(change: Parameters<typeof event>[0]): SeenEvent {
  const one = event(change);
  return see(one, Date.parse(one.created_at));
}
const startMs = seen({ at: 0 }).timeMs;
const CLIENT = seen({ at: 0 }).client?.full;
const LINUX = seen({ at: 0, ua: LINUX_FIREFOX }).client?.full;

function takeAll(quarantine: Quarantine, beforeMs: number) {
  const taken = [];
  for (let one = quarantine.take(beforeMs); one !== undefined; one = quarantine.take(beforeMs)) taken.push(one);
  return taken.map(({ actorId, networks, client, firstMs, lastMs, logins }) => ({
    actorId,
    from: networks?.host,
    client: client?.full,
    first: firstMs - startMs,
    last: lastMs - startMs,
    logins,
  }));
}

test('one activity for each hour, source and client of an actor, oldest first, once its last event is old enough', () => {
  const quarantine = createQuarantine();
  const own = { actorId: '1', from: HOME, client: CLIENT };
  quarantine.add(seen({ at: 0 }));
  quarantine.add(seen({ at: MINUTE, actor: '2' }));
  quarantine.add(seen({ at: 2 * MINUTE, ip: OFFICE, key: 'user_2fa_success' }));
  quarantine.add(seen({ at: 3 * MINUTE, ua: LINUX_FIREFOX }));
  quarantine.add(seen({ at: 4 * MINUTE }));
  quarantine.add(seen({ at: 5 * MINUTE, ip: null, ua: null }));
  quarantine.add(seen({ at: 6 * MINUTE, key: 'user_2fa_success' }));
  quarantine.add(seen({ at: 7 * MINUTE, ip: null, ua: null }));
  quarantine.add(seen({ at: HOUR }));
  expect(takeAll(quarantine, startMs + 6 * MINUTE - 1)).toEqual([]);
  expect(takeAll(quarantine, startMs + 6 * MINUTE)).toEqual([
    { ...own, first: 0, last: 6 * MINUTE, logins: 2 },
    { ...own, actorId: '2', first: MINUTE, last: MINUTE, logins: 1 },
    { ...own, from: OFFICE, first: 2 * MINUTE, last: 2 * MINUTE, logins: 0 },
    { ...own, client: LINUX, first: 3 * MINUTE, last: 3 * MINUTE, logins: 1 },
  ]);
  expect(takeAll(quarantine, startMs + HOUR)).toEqual([
    { actorId: '1', from: undefined, client: undefined, first: 5 * MINUTE, last: 7 * MINUTE, logins: 2 },
    { ...own, first: HOUR, last: HOUR, logins: 1 },
  ]);
});

test('what comes after an activity was taken out begins a new one', () => {
  const quarantine = createQuarantine();
  quarantine.add(seen({ at: 0 }));
  expect(takeAll(quarantine, startMs)).toHaveLength(1);
  quarantine.add(seen({ at: MINUTE }));
  expect(takeAll(quarantine, startMs + MINUTE)).toMatchObject([{ first: MINUTE, logins: 1 }]);
});

test('nobody is taken for the first one, not even in the first hour of all time', () => {
  const quarantine = createQuarantine();
  for (const actor of ['1', '2', '1']) quarantine.add(seen({ at: -T0, actor }));
  expect(takeAll(quarantine, startMs).map(({ actorId, logins }) => [actorId, logins])).toEqual([
    ['1', 2],
    ['2', 1],
  ]);
});

test('thousands wait without one being lost, while others are taken out', () => {
  const quarantine = createQuarantine();
  const logins = Array.from({ length: 5000 }, (_, index) => seen({ at: index * MINUTE, actor: String(index % 700) }));
  const taken: ReturnType<typeof takeAll> = [];
  for (const [index, login] of logins.entries()) {
    quarantine.add(login);
    if (index % 3 === 0) taken.push(...takeAll(quarantine, login.timeMs - 3000 * MINUTE));
  }
  taken.push(...takeAll(quarantine, Number.MAX_SAFE_INTEGER));
  expect(taken.map(({ actorId, first }) => [actorId, first])).toEqual(
    logins.map(({ actorId, timeMs }) => [actorId, timeMs - startMs]),
  );
});
