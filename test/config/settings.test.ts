// Tests the table of settings: whole, the same everywhere, without a flag for the token.
import { describe, expect, test } from 'vitest';
import { renderSettingsTable, settingsOf } from '../../src/config/settings.ts';
import { thisMachine } from '../../src/config/machine.ts';

describe('the table of settings', () => {
  const machine = thisMachine('1.2.3');

  test('is rendered for the README with every variable, flag and default', () => {
    const table = renderSettingsTable(machine);
    expect(table.split('\n')).toHaveLength(2 + settingsOf(machine, {}).list.length);
    expect(table).toContain('| `PACHCA_AUDIT_RATE` / `--rate` | most requests a second');
    expect(table).toContain('| `PACHCA_TOKEN_FILE` | ');
    expect(table).not.toContain('undefined');
  });

  test('is the same on every machine', () => {
    const other = { ...machine, homeDir: '/home/other', timeZone: 'Asia/Tokyo', locale: 'ru-RU' };
    expect(renderSettingsTable(other)).toBe(renderSettingsTable(machine));
  });

  test('describes every setting of the schema', () => {
    const { schema, list } = settingsOf(machine, {});
    expect(list.map(([name]) => name)).toEqual(Object.keys(schema.shape));
  });

  test('has no flag for the token', () => {
    const secret = settingsOf(machine, {}).list.filter(([name]) => /token/i.test(name));
    expect(secret.map(([name, { flag }]) => [name, flag])).toEqual([
      ['token', undefined],
      ['tokenFile', undefined],
      ['httpToken', undefined],
      ['httpTokenFile', undefined],
    ]);
  });
});
