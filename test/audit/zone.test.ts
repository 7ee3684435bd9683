// Tests time zones against the platform's own.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openZone, parseTimeZone, systemTimeZone } from '../../src/audit/zone.ts';

describe('parseTimeZone', () => {
  test('gives the usual spelling', () => {
    expect(parseTimeZone('europe/moscow')).toBe('Europe/Moscow');
    expect(parseTimeZone(' utc ')).toBe('UTC');
    expect(parseTimeZone('America/Argentina/Buenos_Aires')).toBe('America/Argentina/Buenos_Aires');
  });

  test.each([
    ['moscow', 'Europe/Moscow'],
    ['York', 'America/New_York'],
    ['sao-paulo', 'America/Sao_Paulo'],
    // The end of another name is no likeness: MSK is not Asia/Omsk.
    ['MSK', 'Europe/Moscow'],
    ['МСК', 'Europe/Moscow'],
    ['UTC+3', 'Europe/Moscow'],
  ])('does not know %s, and names %s', (name, near) => {
    expect(() => parseTimeZone(name)).toThrow(
      expect.objectContaining({ code: 'invalid_input', hint: `Give an IANA zone such as ${near}, or UTC.` }),
    );
  });
});

describe('systemTimeZone', () => {
  test.each([
    ['Asia/Tokyo', 'Asia/Tokyo'],
    ['No/Such', 'UTC'],
  ])('takes TZ=%s for %s', (name, zone) => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('TZ', name);
    expect(systemTimeZone()).toBe(zone);
  });
});

describe('openZone', () => {
  test('agrees with the platform at every hour of two years, transitions and their last milliseconds included', () => {
    for (const timeZone of ['Europe/Moscow', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC']) {
      const zone = openZone(timeZone);
      const platform = new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        dateStyle: 'short',
        timeStyle: 'short',
        hourCycle: 'h23',
      });
      const startMs = Date.parse('2026-12-31T23:59:59.999Z');
      for (let hour = 0; hour < 17_520; hour += 1) {
        // Backwards, so that spans are learnt against the order of time.
        const timeMs = startMs - hour * 3_600_000 + (hour % 2);
        const minutes = zone.minuteOfDay(timeMs);
        const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        expect(`${zone.dayOf(timeMs)} ${clock}`).toBe(platform.format(timeMs));
        expect(zone.hourOfDay(timeMs)).toBe(Math.floor(minutes / 60));
      }
    }
  });

  test('changes its offset at the very millisecond of a transition', () => {
    const transition = Date.parse('2026-03-29T01:00:00Z');
    for (const order of [
      [0, -1],
      [-1, 0],
    ]) {
      const zone = openZone('Europe/Berlin');
      const offsets = order.map((delta) => [delta, zone.offsetMs(transition + delta)]);
      expect(Object.fromEntries(offsets)).toEqual({ '-1': 3_600_000, 0: 7_200_000 });
    }
  });

  test('reads times before 1970', () => {
    const zone = openZone('UTC');
    expect([zone.dayOf(-1), zone.hourOfDay(-1), zone.minuteOfDay(-1)]).toEqual(['1969-12-31', 23, 1439]);
  });
});
