// Owns the one table of settings: all groups in the order of the table. Values, help and README come from it.
import { z } from 'zod';
import type { Machine } from './machine.ts';
import {
  apiSettings,
  budgetSettings,
  folderSettings,
  httpSettings,
  toolSettings,
  wordingSettings,
  type SettingInfo,
} from './setting-groups.ts';

export type { SettingInfo } from './setting-groups.ts';

/** Names of the environment that tell the language where no setting does. */
const LOCALE_VARIABLES = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

function tableOf(machine: Machine, env: Environment) {
  const about = z.registry<SettingInfo>();
  const schema = z.object({
    ...apiSettings(about, machine),
    ...folderSettings(about, machine),
    ...budgetSettings(about),
    ...wordingSettings(about, localeOf(machine, env)),
    ...toolSettings(about),
    ...httpSettings(about, machine),
  });
  return { schema, about };
}

export type Settings = z.output<ReturnType<typeof tableOf>['schema']>;

export type SettingList = readonly (readonly [name: string, info: SettingInfo])[];

/** The settings on this machine: `schema` gives the values, `list` what is said of each, in the order of the table. */
export function settingsOf(machine: Machine, env: Environment) {
  const { schema, about } = tableOf(machine, env);
  const list: SettingList = Object.entries(schema.shape).flatMap(([name, setting]) => {
    const info = about.get(setting);
    return info === undefined ? [] : [[name, info] as const];
  });
  return { schema, list };
}

export interface TableWords {
  readonly header: readonly [name: string, meaning: string, fallback: string];
  wordsOf(name: string, info: SettingInfo): Pick<SettingInfo, 'meaning' | 'defaultText'>;
}

const ENGLISH: TableWords = { header: ['Setting', 'Meaning', 'Default'], wordsOf: (_name, info) => info };

/** The table of settings of the README, in Markdown. */
export function renderSettingsTable(machine: Machine, { header, wordsOf }: TableWords = ENGLISH): string {
  const rows = settingsOf(machine, {}).list.map(([name, info]) => {
    const { env, flag } = info;
    const { meaning, defaultText } = wordsOf(name, info);
    const names = [env, flag?.replace(/ <.*$/, '')].flatMap((name) => (name === undefined ? [] : [`\`${name}\``]));
    return `| ${names.join(' / ')} | ${meaning} | ${defaultText} |`;
  });
  return [`| ${header.join(' | ')} |`, '| --- | --- | --- |', ...rows].join('\n');
}

function localeOf(machine: Machine, env: Environment): string {
  return (
    LOCALE_VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== '') ?? machine.locale
  );
}
