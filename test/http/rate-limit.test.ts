// Tests that no second holds more requests than allowed, whatever timers do.
import { describe, expect, test } from 'vitest';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createRateLimiter } from '../../src/simulator/rate-limit.ts';
import { createInstantClock } from '../support/instant-clock.ts';

function setUp(perSecond = 48) {
  const clock = createInstantClock(0);
  const rateLimit = createRateLimit({ perSecond, clock });
  /** Times at which `count` requests, asked for at once, may be sent. */
  const send = async (count: number) => {
    const times: number[] = [];
    const one = async () => {
      await rateLimit.acquire();
      times.push(clock.now());
    };
    await Promise.all(Array.from({ length: count }, one));
    return times;
  };
  return { clock, rateLimit, send };
}

/** Most times that fall in any one second. */
function busiestSecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}

describe('the rate limit', () => {
  test('lets no more than 50 requests into any second at 48 a second, and wastes none of them', async () => {
    const { send } = setUp();
    const times = await send(480);
    expect(busiestSecond(times)).toBeLessThanOrEqual(50);
    expect(times.at(-1)).toBeGreaterThan(9900);
    expect(times.at(-1)).toBeLessThan(10_000);
  });

  test('catches up with slots that late timers missed, and never in one second too many', async () => {
    const { clock, rateLimit } = setUp();
    const times: number[] = [];
    let worst = 0;
    for (let at = 0; at < 2000; at += 1) {
      await rateLimit.acquire();
      times.push(clock.now());
      // A busy machine: now and then all stands still for a tenth of a second.
      if (at % 60 === 59) clock.advance(100);
      worst = Math.max(worst, busiestSecond(times.slice(-60)));
    }
    expect(worst).toBeLessThanOrEqual(50);
    expect(times.at(-1)).toBeLessThan((2000 / 48) * 1000 * 1.05);
  });

  test('does not save up for a burst while nothing is asked for', async () => {
    const { clock, send } = setUp();
    await send(1);
    clock.advance(60_000);
    const times = await send(50);
    expect(busiestSecond(times)).toBeLessThanOrEqual(50);
    expect(times.filter((at) => at === times[0]).length).toBeLessThanOrEqual(3);
  });

  test('makes everybody wait after a 429, those too who already had their turn', async () => {
    const { clock, rateLimit, send } = setUp();
    const waiting = send(20);
    rateLimit.onRejected(5000);
    // Three were gone before.
    const times = (await waiting).slice(3);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(5000);
    expect(clock.now()).toBeLessThan(6000);
  });

  test('goes on slower after a 429 and regains its rate by and by', async () => {
    const { clock, rateLimit, send } = setUp();
    rateLimit.onRejected(1000);
    const slow = await send(40);
    const slowMs = (slow.at(-1) ?? 0) - (slow[0] ?? 0);
    expect(slowMs).toBeGreaterThan(39 * (1000 / 48) * 1.1);
    clock.advance(120_000);
    await send(2);
    const again = await send(40);
    expect((again.at(-1) ?? 0) - (again[0] ?? 0)).toBeLessThan(39 * (1000 / 48) + 1);
  });

  test.each([undefined, 0])(
    'waits longer with each 429 that asks for a wait of %s, until an answer comes',
    async (asked) => {
      const { clock, rateLimit, send } = setUp();
      const waits: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const before = clock.now();
        rateLimit.onRejected(asked);
        await send(1);
        waits.push(Math.round((clock.now() - before - 100) / 1000));
      }
      expect(waits).toEqual([1, 2, 4]);
      rateLimit.onAccepted();
      const before = clock.now();
      rateLimit.onRejected(asked);
      await send(1);
      expect(clock.now() - before).toBeLessThan(1300);
    },
  );

  test('never waits longer than a minute, whatever a 429 asks for', async () => {
    const { clock, rateLimit, send } = setUp();
    rateLimit.onRejected(86_400_000);
    await send(1);
    expect(clock.now()).toBeLessThan(61_000);
  });

  test('is not stopped by a wall clock that is set back', async () => {
    const { clock, send } = setUp();
    await send(10);
    clock.advance(-3_600_000);
    const before = clock.now();
    await send(10);
    expect(clock.now() - before).toBeLessThan(1000);
  });

  test('a waiter leaves as soon as its signal is aborted', async () => {
    const { rateLimit, send } = setUp();
    rateLimit.onRejected(30_000);
    const controller = new AbortController();
    const waiting = rateLimit.acquire(controller.signal);
    controller.abort(new Error('no more'));
    await expect(waiting).rejects.toThrow('no more');
    await expect(rateLimit.acquire(controller.signal)).rejects.toThrow('no more');
    expect(await send(1)).toHaveLength(1);
  });
});

describe('processes that know nothing of each other', () => {
  /** Each process keeps `inFlight` requests on the way to one server, in turns of a millisecond; how many it refused. */
  function share(processes: number, seconds: number, seed: number) {
    const clock = { nowMs: 0 };
    let drawn = seed;
    const random = () => (drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    const server = createRateLimiter({ perSecond: 50 }, () => clock.nowMs);
    const sleepers: { at: number; wake: () => void }[] = [];
    const sleep = (ms: number) => new Promise<void>((wake) => sleepers.push({ at: clock.nowMs + ms, wake }));
    const counts = Array.from({ length: processes }, () => ({ sent: 0, refused: 0 }));
    const work = async (limit: ReturnType<typeof createRateLimit>, count: { sent: number; refused: number }) => {
      while (clock.nowMs < seconds * 1000) {
        await limit.acquire();
        const waitMs = server.take('token');
        count.sent += 1;
        await sleep(80 + random() * 40);
        if (waitMs === undefined) limit.onAccepted();
        else {
          count.refused += 1;
          limit.onRejected(Math.ceil(waitMs / 1000) * 1000);
        }
      }
    };
    for (const count of counts) {
      const limit = createRateLimit({ perSecond: 48, clock: { now: () => clock.nowMs, sleep, random } });
      for (let worker = 0; worker < 8; worker += 1) void work(limit, count);
    }
    return {
      counts,
      async pass() {
        for (; clock.nowMs < seconds * 1000; clock.nowMs += 1) {
          const due = sleepers.filter(({ at }) => at <= clock.nowMs);
          for (const sleeper of due) sleepers.splice(sleepers.indexOf(sleeper), 1);
          for (const { wake } of due) wake();
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        }
      },
    };
  }

  test.each([2, 3])(
    '%i with one token share its limit: few 429s, little of it unused, nobody starves',
    async (count) => {
      for (const seed of [1, 2, 3]) {
        const { counts, pass } = share(count, 60, seed);
        await pass();
        const sum = (of: 'sent' | 'refused') => counts.reduce((total, one) => total + one[of], 0);
        expect(sum('refused')).toBeLessThanOrEqual(sum('sent') * 0.02);
        expect(sum('sent') - sum('refused')).toBeGreaterThan(60 * 50 * 0.9);
        for (const { sent } of counts) expect(sent).toBeGreaterThan((sum('sent') / count) * 0.5);
      }
    },
  );
});
