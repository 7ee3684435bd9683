// Tests the commands of a person at a terminal, over a simulator: words, exit codes, both languages.
import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { runsOverLog } from '../support/command-runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;

const { run } = runsOverLog();

describe('commands against an API', () => {
  test('check says in words what is there, and exits 0', async () => {
    const { code, stdout, stderr } = await run(['check']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Reads the audit log: yes');
  });

  test('a wrong time is told by the flag that it was given with', async () => {
    const { code, stderr } = await run(['export', '--start', 'foo']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--start "foo": not a time')]);
  });

  test('check speaks Russian where it is asked to', async () => {
    expect((await run(['check', '--lang', 'ru'])).stdout).toContain('Журнал аудита читается: да');
    const { code, stdout } = await run(['check', '--lang', 'ru'], { PACHCA_TOKEN: '' });
    expect([code, stdout.trim().split('\n').at(-1)]).toEqual([
      2,
      expect.stringMatching(/^Проблема not_configured: Токена нет\. Задайте PACHCA_TOKEN/u),
    ]);
  });

  test('check names the scope that gives names, and does not fail for the lack of it', async () => {
    const { code, stdout } = await run(['check'], { PACHCA_TOKEN: 'demo-no-users' });
    expect(code).toBe(0);
    expect(stdout).toContain('Knows names: no (the scope users:read gives them)');
  });

  test.each([
    ['without a token', { PACHCA_TOKEN: '' }, 2, 'PACHCA_TOKEN'],
    ['with a wrong token', { PACHCA_TOKEN: 'wrong-token-for-a-test' }, 3, 'invalid_token'],
    ['without the scope', { PACHCA_TOKEN: 'demo-no-scope' }, 3, 'missing_scope'],
    ['on another plan', { PACHCA_TOKEN: 'demo-wrong-plan' }, 3, 'plan_required'],
    ['for somebody else than the owner', { PACHCA_TOKEN: 'demo-not-owner' }, 3, 'not_owner'],
  ])('check %s says so by exit code and word', async (_what, env, exitCode, word) => {
    const { code, stdout, stderr } = await run(['check'], env);
    expect(code).toBe(exitCode);
    expect(stdout + stderr).toContain(word);
  });

  test.each([
    ['an unknown command', ['exprot'], 'export'],
    ['an unknown option', ['check', '--verbse'], '--verbse'],
    ['a token on the command line', ['check', '--token', 'secret-on-the-command-line'], 'PACHCA_TOKEN'],
    ['a name that nobody has', ['suspicious', '--actor', 'Xyzzy'], 'called "Xyzzy". Search'],
    ['a reversed window', ['suspicious', '--start', '2026-03-10', '--end', '2026-03-01'], '2026-03-10'],
  ])('%s is a usage error that names the way out', async (_what, args, word) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(word);
    expect(stderr).not.toContain('secret-on-the-command-line');
  });

  test('verify of a folder without a journal says what to give', async () => {
    const refused = await run(['verify', await temporaryFolder()]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/There is no journal in .* Give a journal-YYYY-MM\.ndjson/u);
  });

  test('a name that holds another name and number reads like one person', async () => {
    const company = buildCompany({ seed: 5, now: Date.now(), people: 60, days: 3, incidents: 'none' });
    const users = company.users.map((user) => ({
      ...user,
      first_name: 'Мария',
      last_name: `Ёлкина (2), Иван "${user.id}`,
    }));
    // Four people whose second factor is guessed, each from an address of its own.
    const events = users.slice(0, 4).flatMap(({ id }, person) =>
      Array.from({ length: 6 }, (_, index) => ({
        id: `0000000${person}-0000-7000-8000-00000000000${index}`,
        created_at: new Date(Date.now() - HOUR_MS + 60_000 * index).toISOString(),
        event_key: 'user_2fa_fail',
        actor_id: String(id),
        actor_type: 'User',
        entity_id: String(id),
        entity_type: 'User',
        ip_address: `198.51.${person}.7`,
        user_agent: 'Mozilla/5.0',
        details: {},
      })),
    );
    const named = await startSimulator({ company: { ...company, users, events }, rateLimit: null });
    const env = { PACHCA_API_URL: named.url, PACHCA_TOKEN: named.token };
    const { stdout } = await run(['suspicious', '--start', 'now-2d', '--baseline-days', '0'], env);
    await named.close();
    const people = stdout.split('\n').filter((line) => line.startsWith('    who: '));
    expect(people).toHaveLength(4);
    for (const one of people) expect(one).toMatch(/^ {4}who: (\d+) "Мария Ёлкина \(2\), Иван \\"\1"$/u);
  });

  test('whoever stops reading early changes nothing of how the command ends', async () => {
    const gone = await run(
      ['suspicious', '--start', 'now-20h', '--json', '--baseline-days', '0'],
      {},
      { stopsReading: true },
    );
    expect(gone.stderr).toBe('');
    const read = await run(['suspicious', '--start', 'now-20h', '--json', '--baseline-days', '0']);
    expect(gone.code).toBe(read.code);
  });

  test('an API that fails for good is exit code 4', async () => {
    const { code, stderr } = await run(['suspicious', '--start', 'now-2h'], { PACHCA_TOKEN: 'demo-narrow' });
    expect(code).toBe(4);
    expect(stderr).toContain('range');
  });

  test('a pipe gets neither colour nor a bar', async () => {
    const { stdout, stderr } = await run(['suspicious', '--start', 'now-2h', '--baseline-days', '0']);
    expect(stdout + stderr).not.toContain('\u001B');
  });
});
