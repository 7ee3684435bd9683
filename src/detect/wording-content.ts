// Owns the words of the rules on chats, messages and searches in both languages.
import type { RuleWording } from './detector.ts';
import type { ChangeRuleId } from './rule-ids.ts';
import { NO_BASELINE } from './wording-shared.ts';

export const CONTENT_WORDING = {
  chat_made_public: {
    title: { en: 'Chat opened to everybody', ru: 'Чат открыт для всех' },
    why: { en: 'Actor {actor} made chat {chat} public.', ru: 'Сотрудник {actor} сделал чат {chat} открытым.' },
    extras: {
      many: { en: 'Chats opened within the hour: {chats}.', ru: 'Чатов, открытых за час: {chats}.' },
      closed_again: {
        en: 'It was closed again within the hour: time enough to read it.',
        ru: 'В течение часа он снова закрыт: хватает, чтобы прочитать.',
      },
      new_chat: { en: 'The same actor had just created it.', ru: 'Он только что сам его создал.' },
    },
    benign: {
      en: ['A team opens its chat on purpose', 'A setting changed by mistake and put back'],
      ru: ['Команда открыла свой чат намеренно', 'Настройку изменили по ошибке и вернули'],
    },
  },
  destruction_burst: {
    title: { en: 'Many deletions or edits', ru: 'Много удалений или правок' },
    why: {
      en: 'Actor {actor}: {count} events {key} within {minutes} min (limit {limit}).',
      ru: 'Сотрудник {actor}: событий {key} за {minutes} мин: {count} (порог {limit}).',
    },
    extras: { no_baseline: NO_BASELINE },
    benign: {
      en: ['A bot that cleans up its own messages', 'A chat tidied up by its moderator'],
      ru: ['Бот убирает свои сообщения', 'Модератор приводит чат в порядок'],
    },
  },
  api_harvesting: {
    title: { en: 'Harvesting through the API', ru: 'Выкачивание через API' },
    why: {
      en: 'Actor {actor}: {searches} API searches within {minutes} min (limit {limit}), the last one {key}.',
      ru: 'Сотрудник {actor}: поисков через API за {minutes} мин: {searches} (порог {limit}), последний {key}.',
    },
    extras: {
      paging: {
        en: 'They turn pages of everything rather than look for something.',
        ru: 'Это перелистывание всего подряд, а не поиск чего-то.',
      },
      no_baseline: NO_BASELINE,
    },
    benign: {
      en: ['A new integration that fills its index', 'A directory that is synchronised'],
      ru: ['Новая интеграция наполняет свой индекс', 'Синхронизация справочника'],
    },
  },
  decrypt_anomaly: {
    title: { en: 'Unusual decryption', ru: 'Необычная расшифровка' },
    why: {
      en: 'Messages decrypted for actor {actor} within {minutes} min: {count}.',
      ru: 'Расшифровано сообщений для сотрудника {actor} за {minutes} мин: {count}.',
    },
    extras: {
      new_reason: {
        en: 'The reason ({reason}) is new for this actor and rare in the company.',
        ru: 'Причина ({reason}) для него новая, а в компании редкая.',
      },
      no_baseline: NO_BASELINE,
    },
    benign: {
      en: ['A long history loaded on a new device', 'A search index built anew'],
      ru: ['Загрузка длинной истории на новом устройстве', 'Перестройка поискового индекса'],
    },
  },
  dlp_accumulation: {
    title: { en: 'DLP violations pile up', ru: 'Нарушения DLP накапливаются' },
    why: {
      en: 'Violations of user {user} within {hours} h: {violations}.',
      ru: 'Нарушений у сотрудника {user} за {hours} ч: {violations}.',
    },
    extras: {
      many_rules: { en: 'Different rules within the hour: {rules}.', ru: 'Разных правил за час: {rules}.' },
    },
    benign: {
      en: ['A pattern that matches harmless numbers', 'Work with test data'],
      ru: ['Шаблон, который срабатывает на безобидные числа', 'Работа с тестовыми данными'],
    },
  },
  mass_self_join: {
    title: { en: 'Many chats joined uninvited', ru: 'Вход во множество чатов без приглашения' },
    why: {
      en: 'Actor {actor} joined {chats} chats within {minutes} min without being invited (limit {limit}).',
      ru: 'Сотрудник {actor} за {minutes} мин вошёл без приглашения в чаты, всего: {chats} (порог {limit}).',
    },
    extras: {
      new_account: { en: 'The account is new.', ru: 'Учётная запись новая.' },
      no_baseline: NO_BASELINE,
    },
    benign: {
      en: ['A new colleague, or a move to another team', 'A bot that must be in all chats'],
      ru: ['Новый коллега или переход в другую команду', 'Бот, который нужен во всех чатах'],
    },
  },
  mass_add: {
    title: { en: 'Let into many chats at once', ru: 'Добавление сразу во множество чатов' },
    why: {
      en: 'Actor {inviter} added {added} to {chats} chats within {minutes} min (limit {limit}).',
      ru: 'Сотрудник {inviter} за {minutes} мин добавил {added} в чаты, всего: {chats} (порог {limit}).',
    },
    extras: {
      guest: { en: 'The account belongs to a guest.', ru: 'Это учётная запись гостя.' },
      new_account: { en: 'The account is new.', ru: 'Учётная запись новая.' },
      tag: { en: 'A tag brings all its people along.', ru: 'Тег приводит с собой всех своих людей.' },
    },
    benign: { en: ['A new colleague', 'The start of a project'], ru: ['Новый коллега', 'Начало проекта'] },
  },
  first_api_search: {
    title: { en: 'First search through the API', ru: 'Первый поиск через API' },
    why: {
      en: 'No earlier {key} of actor {actor} was seen; now one came with {client}.',
      ru: 'Прежних {key} сотрудника {actor} не видно; теперь такой поиск сделан с {client}.',
    },
    extras: { new_client: { en: 'The client is new for this actor.', ru: 'Клиент для него новый.' } },
    benign: { en: ['A new integration'], ru: ['Новая интеграция'] },
  },
} as const satisfies Partial<Record<ChangeRuleId, RuleWording>>;
