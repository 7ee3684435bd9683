// Owns the words of the rules on accounts, rights and tokens in both languages.
import type { RuleWording } from './detector.ts';
import type { ChangeRuleId } from './rule-ids.ts';
import type { Step } from './takeover-story.ts';
import { NO_BASELINE } from './wording-shared.ts';
import type { Text } from '../text/lang.ts';

/** What was done after the way in, for the middle of a sentence. */
const STEPS: Readonly<Record<Step, Text>> = {
  token: { en: 'an access token was made or changed.', ru: 'создан или изменён токен доступа.' },
  role: { en: 'a role was raised.', ru: 'повышена роль.' },
  public_chat: { en: 'a chat was opened to everybody.', ru: 'чат открыт для всех.' },
  identity: { en: 'what identifies a person was changed.', ru: 'изменены данные, по которым узнают человека.' },
  oauth: { en: 'an app was let in.', ru: 'выдан доступ приложению.' },
  search: { en: 'a burst of API searches.', ru: 'всплеск поисков через API.' },
  decrypt: { en: 'unusual decryption of messages.', ru: 'необычная расшифровка сообщений.' },
  audit_log: { en: 'the audit log was read.', ru: 'прочитан журнал аудита.' },
  integration: { en: 'a bot or app was given more trust.', ru: 'боту или приложению дано больше доверия.' },
  destruction: { en: 'many deletions.', ru: 'много удалений.' },
  mass_join: { en: 'many chats joined.', ru: 'вход во множество чатов.' },
};

function stepSentences(): Record<string, Text> {
  const sentences: Record<string, Text> = {};
  for (const [step, { en, ru }] of Object.entries(STEPS)) {
    sentences[step] = { en: `After {${step}_minutes} min: ${en}`, ru: `Через {${step}_minutes} мин: ${ru}` };
    sentences[`${step}_at_once`] = { en: `At once: ${en}`, ru: `Сразу: ${ru}` };
  }
  return sentences;
}

export const RIGHTS_WORDING = {
  takeover_chain: {
    title: { en: 'Account taken over, step by step', ru: 'Захват учётной записи, шаг за шагом' },
    why: {
      en: 'Actor {actor}: first a suspicious way in from {source} ({entry}).',
      ru: 'Сотрудник {actor}: сначала подозрительное появление с {source} ({entry}).',
    },
    extras: stepSentences(),
    benign: {
      en: ['A person on a journey, or with a new device, who sets up their work anew'],
      ru: ['Человек в поездке или с новым устройством заново настраивает рабочее место'],
    },
  },
  new_admin_purge: {
    title: { en: 'A new administrator purges others', ru: 'Новый администратор убирает других' },
    why: {
      en: 'Actor {initiator}, administrator for {hours} h, acted against {people} people within {minutes} min.',
      ru: 'Сотрудник {initiator}, администратор уже {hours} ч, за {minutes} мин действовал против других, всего людей: {people}.',
    },
    extras: {
      demotions: { en: 'Administrators lost their role.', ru: 'Администраторы лишились роли.' },
      removals: { en: 'Accounts were removed.', ru: 'Учётные записи удалены.' },
    },
    benign: {
      en: ['A reorganisation led by a new administrator'],
      ru: ['Реорганизация под началом нового администратора'],
    },
  },
  privilege_escalation: {
    title: { en: 'Role raised', ru: 'Роль повышена' },
    why: {
      en: 'Actor {initiator} gave {target} the role {role}.',
      ru: 'Сотрудник {initiator} повысил роль сотрудника {target} до {role}.',
    },
    extras: { own_role: { en: 'It is their own role.', ru: 'Это его собственная роль.' } },
    benign: { en: ['A planned promotion or hand-over'], ru: ['Плановое назначение или передача дел'] },
  },
  audit_log_stranger: {
    title: { en: 'Audit log read by a stranger', ru: 'Журнал аудита читает чужая программа' },
    why: {
      en: 'Actor {actor} read the log from {net} with {client}, which is neither this server nor a known collector.',
      ru: 'Сотрудник {actor} читал журнал из {net} с помощью {client}: это не этот сервер и не известный сборщик.',
    },
    extras: {
      no_baseline: {
        en: 'Too little of the time before was read to know the collectors.',
        ru: 'Прежнего времени прочитано слишком мало, чтобы знать сборщиков.',
      },
    },
    benign: {
      en: ['A new or moved log collector (SIEM)', 'The owner reading the log with another program'],
      ru: ['Новый или перенесённый сборщик журнала (SIEM)', 'Владелец читает журнал другой программой'],
    },
  },
  mass_account_removal: {
    title: { en: 'Many accounts removed', ru: 'Удалено много учётных записей' },
    why: {
      en: 'Actor {initiator} removed {accounts} accounts within {minutes} min (limit {limit}).',
      ru: 'Сотрудник {initiator}: за {minutes} мин удалено учётных записей: {accounts} (порог {limit}).',
    },
    extras: {
      routine: {
        en: 'The initiator manages accounts and acted from a known place.',
        ru: 'Инициатор ведёт учётные записи и действовал из известного места.',
      },
      no_baseline: NO_BASELINE,
    },
    benign: {
      en: ['Offboarding of several people', 'Synchronisation with a directory (SCIM)'],
      ru: ['Увольнение нескольких человек', 'Синхронизация с каталогом (SCIM)'],
    },
  },
  integration_trust_change: {
    title: { en: 'Integration trusted with more', ru: 'Интеграции доверено больше' },
    why: { en: 'Actor {actor}, event {key}: {subject}.', ru: 'Сотрудник {actor}, событие {key}: {subject}.' },
    extras: {
      webhook: {
        en: 'What the bot sees is now sent to a host that is new for the company.',
        ru: 'То, что видит бот, теперь уходит на узел, новый для компании.',
      },
      redirect: {
        en: 'Users of the app are now sent to a host that is new for the company.',
        ru: 'Пользователи приложения теперь попадают на узел, новый для компании.',
      },
      scopes: { en: 'Sensitive scopes were added.', ru: 'Добавлены чувствительные права.' },
      new_keeper: { en: 'The actor did not keep this bot before.', ru: 'Раньше он этим ботом не занимался.' },
      new_app: { en: 'The app is new for the company.', ru: 'Приложение новое для компании.' },
      many_grants: {
        en: 'The app is new for the company, and several people let it in within {minutes} min.',
        ru: 'Приложение новое для компании, и за {minutes} мин его впустили несколько человек.',
      },
      no_baseline: {
        en: 'Too little of the time before was read to know whether that is new.',
        ru: 'Прежнего времени прочитано слишком мало, чтобы знать, новое ли это.',
      },
    },
    benign: {
      en: ['A planned release or move of an integration', 'A new app that the company introduces'],
      ru: ['Плановый выпуск или переезд интеграции', 'Новое приложение, которое вводит компания'],
    },
  },
  sensitive_token: {
    title: { en: 'Token with sensitive scopes', ru: 'Токен с чувствительными правами' },
    why: {
      en: 'Actor {actor}, event {key}: {scopes}.',
      ru: 'Сотрудник {actor}, событие {key}: {scopes}.',
    },
    extras: {
      first_token: {
        en: 'No earlier token of this actor was seen.',
        ru: 'Прежних токенов у него не было видно.',
      },
      unknown_before: {
        en: 'What the token could do before was not read.',
        ru: 'Что токен мог раньше, не прочитано.',
      },
      of_another: {
        en: 'The token was made by {maker}.',
        ru: 'Токен создал {maker}.',
      },
    },
    benign: {
      en: ['A new integration of a developer', 'Tokens renewed in time'],
      ru: ['Новая интеграция разработчика', 'Плановая замена токенов'],
    },
  },
  short_lived_account: {
    title: { en: 'Short-lived account', ru: 'Короткоживущая учётная запись' },
    why: {
      en: 'Account {account} was removed by actor {initiator} {hours} h after it was created.',
      ru: 'Учётную запись {account} удалил сотрудник {initiator} через {hours} ч после создания.',
    },
    extras: { logged_in: { en: 'It was used to log in.', ru: 'Под ней успели войти.' } },
    benign: {
      en: ['A test account', 'An invitation sent to a wrong address'],
      ru: ['Тестовая учётная запись', 'Приглашение по ошибочному адресу'],
    },
  },
} as const satisfies Partial<Record<ChangeRuleId, RuleWording>>;
