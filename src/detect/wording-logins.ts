// Owns the words of the login rules in both languages.
import type { LoginRuleId } from './rule-ids.ts';
import type { RuleWording } from './detector.ts';

export const LOGIN_WORDING = {
  failed_2fa_burst: {
    title: { en: 'Burst of failed second factors', ru: 'Серия неудач второго фактора' },
    why: {
      en: 'Failed second factors of actor {actor} within {minutes} min: {failures}. A second factor usually comes after a right password.',
      ru: 'Неудач второго фактора у сотрудника {actor} за {minutes} мин: {failures}. До второго фактора обычно доходят с верным паролем.',
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
      ru: 'Сотрудник {actor} прошёл второй фактор или вошёл через {seconds} с после последней из неудач второго фактора (всего {failures}).',
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
    title: { en: 'One source fails many second factors', ru: 'С одного адреса не проходит второй фактор у многих' },
    why: {
      en: 'Within {minutes} min {source} failed {failures} second factors of {actors} different actors. Their passwords were probably right.',
      ru: 'За {minutes} мин с {source} пришло неудач второго фактора: {failures}, разных сотрудников: {actors}. Их пароли, вероятно, верны.',
    },
    benign: {
      en: ['A new office or VPN exit on a day when codes fail for all'],
      ru: ['Новый офис или выход VPN в день, когда коды не работают у всех'],
    },
  },
  scripted_login: {
    title: { en: 'Login by a program', ru: 'Вход из программы' },
    why: {
      en: 'Actor {actor} logged in, or tried to, with {client}, which is no client for people and new for this actor ({logins} earlier logins).',
      ru: 'Сотрудник {actor} входил или пытался войти из {client}: это не клиент для людей, и для него он новый (прежних входов: {logins}).',
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
      en: 'Actor {actor} logged in from {net} with {client}; neither was seen of this person within 30 days before. Earlier logins to judge by: {logins}.',
      ru: 'Сотрудник {actor} вошёл из {net} с {client}; в пределах 30 дней до этого у него не было ни того, ни другого. Прежних входов для сравнения: {logins}.',
    },
    benign: {
      en: ['A new laptop or phone on a journey', 'A new provider at home and a new browser'],
      ru: ['Новый ноутбук или телефон в поездке', 'Новый провайдер дома и новый браузер'],
    },
  },
  failed_2fa_from_many_networks: {
    title: { en: 'Second factor guessed from many networks', ru: 'Второй фактор подбирают из многих сетей' },
    why: {
      en: 'Within {minutes} min the second factor of actor {actor} failed from {nets} different networks, failures: {failures}.',
      ru: 'За {minutes} мин второй фактор сотрудника {actor} не подошёл из разных сетей: {nets}, неудач: {failures}.',
    },
    benign: {
      en: ['A phone that moves between providers while codes fail', 'A VPN that changes its exit with each attempt'],
      ru: ['Телефон переходит между провайдерами, пока коды не подходят', 'VPN меняет выход при каждой попытке'],
    },
  },
  orphan_2fa_failure: {
    title: { en: 'Failed second factor from a strange network', ru: 'Неудача второго фактора из чужой сети' },
    why: {
      en: 'A second factor of actor {actor} failed from {net} with {client}; the network is new for this person, and no success followed within {minutes} min ({logins} earlier logins).',
      ru: 'Второй фактор сотрудника {actor} не подошёл из {net} с {client}: сеть для него новая, и успеха за {minutes} мин не было (прежних входов: {logins}).',
    },
    benign: {
      en: ['A traveller who mistyped the code and gave up'],
      ru: ['Человек в поездке ошибся в коде и отложил вход'],
    },
  },
  login_risk: {
    title: { en: 'Login unlike the person', ru: 'Вход, нехарактерный для этого человека' },
    why: {
      en: 'Actor {actor} came from {net} with {program}. Risk {score}: network {network}, client {client}, pace since other logins {pace}, hour {hour}; each point makes an attacker 2.7 times likelier against the person. Earlier logins to judge by: {logins}. In the 30 days before, few logins of the company passed {threshold}.',
      ru: 'Сотрудник {actor} вошёл из {net}, клиент {program}. Риск {score}: сеть {network}, клиент {client}, темп после других входов {pace}, час {hour}; каждая единица — в 2,7 раза больше похоже на чужого, чем на самого сотрудника. Прежних входов для сравнения: {logins}. За 30 дней до этого входы в компании редко превышали {threshold}.',
    },
    extras: {
      arrivals: {
        en: 'Others came to this source with their own clients within hours, as to a new office.',
        ru: 'За несколько часов на этот адрес пришли и другие со своими клиентами, как в новый офис.',
      },
    },
    benign: {
      en: ['A journey with a new device', 'A first login through a VPN with another browser'],
      ru: ['Поездка с новым устройством', 'Первый вход через VPN с другого браузера'],
    },
  },
  network_switch: {
    title: { en: 'One person in two networks at once', ru: 'Один человек в двух сетях сразу' },
    why: {
      en: 'Actor {actor} was in {from} ({from_os}) and {seconds} s later in {to} ({to_os}); at least one of the networks is new for this person.',
      ru: 'Сотрудник {actor} был в {from} ({from_os}) и через {seconds} с в {to} ({to_os}); хотя бы одна из сетей для него новая.',
    },
    benign: {
      en: ['A VPN was switched on between two devices', 'A second device in a hotel or on a guest network'],
      ru: ['Между двумя устройствами включили VPN', 'Второе устройство в гостинице или гостевой сети'],
    },
  },
  activity_without_login: {
    title: { en: 'Activity without a login', ru: 'Активность без входа' },
    why: {
      en: 'Actor {actor} acted from {net} with {client}, both new for this person, and nobody logged in to the account from that network in the {hours} h before.',
      ru: 'Сотрудник {actor} действовал из {net} с {client}: то и другое для него новое, и за {hours} ч до этого из этой сети в учётную запись не входили.',
    },
    benign: {
      en: ['A new integration that works with a token of this person', 'A session that was open long before'],
      ru: ['Новая интеграция с токеном этого человека', 'Сессия, открытая задолго до этого'],
    },
  },
  one_source_many_accounts: {
    title: { en: 'One new source, many accounts', ru: 'Один новый адрес, много учётных записей' },
    why: {
      en: 'Accounts entered within {minutes} min from {source}, an address new for the company: {actors}; of them with a client new for the person: {strangers}.',
      ru: 'За {minutes} мин с адреса {source}, нового для компании, вошли в учётные записи: {actors}; из них с клиентом, новым для человека: {strangers}.',
    },
    benign: {
      en: ['A new office or VPN exit on the day when computers are replaced', 'A training room with shared computers'],
      ru: ['Новый офис или выход VPN в день замены компьютеров', 'Учебный класс с общими компьютерами'],
    },
  },
  dormant_account_active: {
    title: { en: 'Silent or deleted account is active', ru: 'Активна молчавшая или удалённая учётная запись' },
    why: { en: 'Account {actor} is active again.', ru: 'Учётная запись {actor} снова активна.' },
    extras: {
      deleted: { en: 'It was deleted {hours} h before.', ru: 'Её удалили за {hours} ч до этого.' },
      silent_familiar: {
        en: 'Its last login was {days} days before, in a network or with a client known from then.',
        ru: 'Последний вход был за {days} дн. до этого, в знакомой с тех пор сети или с тем же клиентом.',
      },
      silent_strange: {
        en: 'Its last login was {days} days before, in another network and with another client.',
        ru: 'Последний вход был за {days} дн. до этого, в другой сети и с другим клиентом.',
      },
    },
    benign: {
      en: ['Return from long leave with a new computer', 'An account that was restored'],
      ru: ['Возвращение из долгого отпуска с новым компьютером', 'Восстановленная учётная запись'],
    },
  },
} as const satisfies Record<LoginRuleId, RuleWording>;
