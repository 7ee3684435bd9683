// Owns the Russian words for what keeps the log from being read: what it means, and what to mend.
import type { ErrorCode } from '../errors.ts';

/** Codes that a check can meet; a token that is missing has its own words. */
export const PROBLEMS_RU: Readonly<Partial<Record<ErrorCode, { readonly message: string; readonly hint: string }>>> = {
  invalid_token: {
    message: 'API не принимает токен',
    hint: 'Задайте в PACHCA_TOKEN (или PACHCA_TOKEN_FILE) действующий токен владельца пространства: Пачка → Автоматизации → API.',
  },
  missing_scope: {
    message: 'Токену не хватает скоупа',
    hint: 'Добавьте токену скоуп в Пачка → Автоматизации → API: audit_events:read для журнала, users:read для имён, messages:create для оповещений.',
  },
  not_owner: {
    message: 'Токен не владельца пространства',
    hint: 'Журнал читается только токеном владельца: он создаёт его в Пачка → Автоматизации → API со скоупом audit_events:read.',
  },
  plan_required: {
    message: 'Тариф без журнала аудита',
    hint: 'Журнал аудита есть только в тарифе «Корпорация»; тариф меняет владелец пространства.',
  },
  not_found: { message: 'API не знает такого адреса', hint: 'Проверьте PACHCA_API_URL.' },
  rate_limited: {
    message: 'API отказал из-за лимита запросов',
    hint: 'Подождите и проверьте, какие ещё программы используют этот токен: лимит – около 50 запросов в секунду на токен.',
  },
  unavailable: { message: 'API Пачки не работает', hint: 'Повторите через минуту: сбой на стороне Пачки.' },
  timeout: { message: 'API не ответил вовремя', hint: 'Повторите; если не поможет, проверьте сеть до PACHCA_API_URL.' },
  network: {
    message: 'API недоступен с этой машины',
    hint: 'Проверьте доступ к PACHCA_API_URL (сеть, прокси, межсетевой экран) и повторите.',
  },
  bad_response: {
    message: 'Ответ не похож на ответ API',
    hint: 'Проверьте, что PACHCA_API_URL ведёт к API Пачки, а не к прокси или странице входа.',
  },
};
