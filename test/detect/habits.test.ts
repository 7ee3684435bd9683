// Tests what amount is usual for a company and a person.
import { describe, expect, test } from 'vitest';
import type { SeenEvent } from '../../src/detect/detector.ts';
import { createHabits } from '../../src/detect/habits.ts';
import { createSeer } from '../../src/detect/seer.ts';
import { DAY, event, WINDOW } from './support/events.ts';

const see = createSeer({ window: WINDOW });
/** Noon, so that a day before is a day before. */
const at = (dayAgo: number): SeenEvent => {
  const one = event({ at: -dayAgo * DAY });
  return see(one, Date.parse(one.created_at));
};

/** Days on which `actors` people each reach `amount`. */
function live(habits: ReturnType<typeof createHabits>, actors: number, days: number, amount: number, prefix = 'p') {
  for (let day = days + 1; day > 1; day -= 1) {
    for (let actor = 0; actor < actors; actor += 1) habits.judge(`${prefix}${actor}`, at(day), amount);
  }
}

describe('createHabits', () => {
  test('without earlier days the fixed amount is the limit, and nothing is known of the past', () => {
    const habits = createHabits({ fixed: 10, habitDays: 3 });
    expect(habits.judge('1', at(0), 9)).toMatchObject({ over: false, usual: false });
    expect(habits.judge('1', at(0), 10)).toEqual({ over: true, usual: false, limit: 10, knowsPast: false });
  });

  test('what the company reaches on one day in a thousand is usual, from a thousand days on', () => {
    const few = createHabits({ fixed: 10, habitDays: 3 });
    live(few, 49, 20, 15);
    live(few, 1, 19, 3, 'q');
    const all = createHabits({ fixed: 10, habitDays: 30 });
    live(all, 50, 20, 15);
    expect(few.judge('stranger', at(0), 12)).toMatchObject({ over: true, limit: 10, knowsPast: true });
    expect(all.judge('stranger', at(0), 15)).toMatchObject({ over: false, usual: true, limit: 16 });
    expect(all.judge('stranger', at(0), 16)).toMatchObject({ over: true, limit: 16 });
  });

  test('a busy bot does not raise the limit of people', () => {
    const habits = createHabits({ fixed: 10, habitDays: 3 });
    live(habits, 60, 20, 2);
    live(habits, 5, 20, 500, 'bot');
    expect(habits.judge('p1', at(0), 10)).toMatchObject({ over: true, limit: 10 });
    expect(habits.judge('bot1', at(0), 500)).toMatchObject({ over: false, usual: true, limit: 501 });
  });

  test('what fewer than five people have reached is not usual for the company', () => {
    const reached = (people: number) => {
      const habits = createHabits({ fixed: 10, habitDays: 3 });
      live(habits, 60, 20, 2);
      live(habits, people, 1, 500, 'thief');
      return habits.judge('stranger', at(0), 300);
    };
    expect(reached(4)).toMatchObject({ over: true, limit: 10 });
    expect(reached(5)).toMatchObject({ over: false, usual: true, limit: 501 });
  });

  test('today and yesterday do not count, nor what is older than the horizon', () => {
    const recent = createHabits({ fixed: 10, habitDays: 1 });
    recent.judge('1', at(1), 50);
    expect(recent.judge('1', at(0), 20)).toMatchObject({ over: true, limit: 10 });
    const known = createHabits({ fixed: 10, habitDays: 1 });
    known.judge('1', at(2), 50);
    expect(known.judge('1', at(0), 20)).toMatchObject({ over: false, limit: 51 });
    const old = createHabits({ fixed: 10, habitDays: 1 });
    old.judge('1', at(31), 50);
    expect(old.judge('1', at(0), 20)).toMatchObject({ over: true, limit: 10, knowsPast: false });
  });

  test('a what-if event is judged and leaves no trace', () => {
    const habits = createHabits({ fixed: 10, habitDays: 1 });
    habits.judge('1', { ...at(5), trial: true }, 50);
    expect(habits.judge('1', at(0), 20)).toMatchObject({ over: true, limit: 10 });
  });
});
