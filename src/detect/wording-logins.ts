// Owns the words of the login rules in both languages.
import type { LoginRuleId } from './rule-ids.ts';
import type { RuleWording } from './detector.ts';

export const LOGIN_WORDING = {
  failed_2fa_burst: {
    title: { en: 'Burst of failed second factors', ru: 'Серия неудач второго фактора' },
    why: {
      en: 'Failed second factors of actor {actor} within {minutes} min: {failures}. The password was already right.',
      ru: 'Неудач второго фактора у сотрудника {actor} за {minutes} мин: {failures}. Пароль уже был верным.',
    },
    benign: {
      en: ['A new phone, or a clock of the code generator that is off', 'An app that repeats an old code by itself'],
      ru: ['Новый телефон или сбитые часы генератора кодов', 'Приложение само повторяет старый код'],
    },
  },
  failed_2fa_then_login: {
    title: { en: 'Login after failed second factors', ru: 'Вход после неудач второго фактора' },
    why: {
      en: 'Actor {actor} passed {seconds} s after the last of {failures} failed second factors.',
      ru: 'Сотрудник {actor} вошёл через {seconds} с после последней из неудач второго фактора (всего {failures}).',
    },
    extras: {
      new_network: {
        en: 'The success came from {net}, a network new for this person.',
        ru: 'Успех пришёл из {net}: сеть новая для этого человека.',
      },
      other_source: {
        en: 'The failures came from a network new for this person, the success from {net}.',
        ru: 'Неудачи пришли из сети, новой для этого человека, успех из {net}.',
      },
      new_client: {
        en: 'The client ({client}) is new for this person.',
        ru: 'Клиент ({client}) новый для этого человека.',
      },
      short_history: {
        en: 'Too few earlier logins to judge by: {logins}.',
        ru: 'Прежних входов слишком мало, чтобы судить: {logins}.',
      },
    },
    benign: {
      en: ['Mistyped codes on a journey', 'A new phone was set up just then'],
      ru: ['Опечатки в кодах в поездке', 'Как раз настраивали новый телефон'],
    },
  },
  failed_2fa_spray: {
    title: { en: 'One source fails many second factors', ru: 'Один адрес не проходит второй фактор многих' },
    why: {
      en: 'Within {minutes} min {source} failed {failures} second factors of {actors} different actors. Their passwords were right.',
      ru: 'За {minutes} мин с {source} пришло неудач второго фактора: {failures}, разных сотрудников: {actors}. Их пароли были верны.',
    },
    benign: {
      en: ['A new office or VPN exit on a day when codes fail for all'],
      ru: ['Новый офис или выход VPN в день, когда коды не работают у всех'],
    },
  },
  scripted_login: {
    title: { en: 'Login by a program', ru: 'Вход из программы' },
    why: {
      en: 'Actor {actor} logged in with {client}, which is no client for people and new for this actor ({logins} earlier logins).',
      ru: 'Сотрудник {actor} входил из {client}: это не клиент для людей, и для него он новый (прежних входов: {logins}).',
    },
    extras: {
      short_history: {
        en: 'The actor has no history of a person: it may be a new integration.',
        ru: 'У него нет истории человека: возможно, это новая интеграция.',
      },
    },
    benign: {
      en: ['A new integration that logs in as a person', 'A developer who tries the login by hand'],
      ru: ['Новая интеграция, которая входит от имени сотрудника', 'Разработчик проверяет вход вручную'],
    },
  },
  new_network_and_client: {
    title: { en: 'New network and new client at once', ru: 'Новая сеть и новый клиент сразу' },
    why: {
      en: 'Actor {actor} logged in from {net} with {client}; in {logins} earlier logins neither was seen in the last 30 days.',
      ru: 'Сотрудник {actor} вошёл из {net} с {client}; за последние 30 дней не было ни того, ни другого (прежних входов: {logins}).',
    },
    benign: {
      en: ['A new laptop or phone on a journey', 'A new provider at home and a new browser'],
      ru: ['Новый ноутбук или телефон в поездке', 'Новый провайдер дома и новый браузер'],
    },
  },
} as const satisfies Record<LoginRuleId, RuleWording>;
