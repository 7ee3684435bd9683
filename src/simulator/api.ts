// Owns the routes: from a request with a known token to an answer. Knows nothing of sockets.
import { type Answer, dataAnswer, errorsAnswer, notFoundAnswer, oauthErrorAnswer } from './answer.ts';
import { auditPage, type PaginateForm } from './audit-page.ts';
import { type AuditQueryRules, readAuditQuery } from './audit-query.ts';
import type { CursorCodec } from './cursor.ts';
import type { EventLog } from './event-log.ts';
import type { PageFault } from './faults.ts';
import type { MessageBox } from './message-endpoint.ts';
import type { SimEvent, SimUser } from './model.ts';
import { listUsers, oneUser } from './people-endpoints.ts';
import { maskToken, type TokenEntry } from './tokens.ts';

export interface ApiRequest {
  method: string;
  /** Behind the base path, with a leading slash. */
  path: string;
  params: URLSearchParams;
  body: string;
  userAgent: string;
  ipAddress: string;
  pageFault?: PageFault;
}

export interface ApiParts {
  users: readonly SimUser[];
  ownerId: number;
  log: EventLog;
  cursors: CursorCodec;
  messages: MessageBox;
  form: PaginateForm;
  rules: () => AuditQueryRules;
  logsOwnReads: boolean;
  random: () => number;
  /** A new, ordered event id. */
  eventId: () => string;
  lateByMs: number;
}

const USER_AGENT_LENGTH = 255;

const missingScope = (scope: string): Answer =>
  oauthErrorAnswer(403, 'insufficient_scope', `The access token lacks the required scope: ${scope}`);
const refused = (status: number, code: string, message: string): Answer =>
  errorsAnswer(status, { key: 'base', value: null, message, code });

/** What the server itself writes into the log about a request. */
function eventOf(parts: ApiParts, request: ApiRequest, actorId: number, event: Partial<SimEvent>): SimEvent {
  return {
    id: parts.eventId(),
    created_at: new Date(parts.rules().nowMs).toISOString(),
    event_key: 'audit_events_accessed',
    entity_id: String(actorId),
    entity_type: 'User',
    actor_id: String(actorId),
    actor_type: 'User',
    details: {},
    ip_address: request.ipAddress,
    user_agent: request.userAgent.slice(0, USER_AGENT_LENGTH),
    ...event,
  };
}

function auditEvents(parts: ApiParts, request: ApiRequest, token: TokenEntry): Answer {
  if (!token.scopes.includes('audit_events:read')) return missingScope('audit_events:read');
  const userId = token.userId ?? parts.ownerId;
  if (token.wrongPlan === true) {
    return refused(402, 'payment_required', 'Метод доступен только на тарифе «Корпорация»');
  }
  if (userId !== parts.ownerId) return refused(403, 'forbidden', 'Доступно только владельцу пространства');
  const rules = parts.rules();
  const narrow = request.pageFault === 'narrow_range' ? { ...rules, maxRangeDays: 0 } : rules;
  const query = readAuditQuery(request.params, narrow);
  if ('status' in query) return query;
  if (request.pageFault === 'late_event') {
    const at = new Date(rules.nowMs - Math.floor(parts.random() * parts.lateByMs)).toISOString();
    parts.log.insert(eventOf(parts, request, userId, { event_key: 'user_login', created_at: at }));
  }
  const { log, cursors, form, random } = parts;
  const fault = request.pageFault;
  const answer = auditPage(query, { log, cursors, form, random, ...(fault !== undefined && { fault }) });
  // After the page: a read is not on the page that it fetches.
  if (answer.status === 200 && parts.logsOwnReads) parts.log.insert(eventOf(parts, request, userId, {}));
  return answer;
}

function tokenInfo(parts: ApiParts, token: TokenEntry): Answer {
  const now = parts.rules().nowMs;
  return dataAnswer({
    id: 4242,
    token: maskToken(token.token),
    name: token.name,
    user_id: token.userId ?? parts.ownerId,
    scopes: token.scopes,
    created_at: new Date(now - 100 * 86_400_000).toISOString(),
    revoked_at: null,
    expires_in: null,
    last_used_at: new Date(now).toISOString(),
  });
}

function postMessage(parts: ApiParts, request: ApiRequest, token: TokenEntry): Answer {
  if (!token.scopes.includes('messages:create')) return missingScope('messages:create');
  const author = parts.users.find((user) => user.id === (token.userId ?? parts.ownerId));
  if (author === undefined) return notFoundAnswer('user_id', String(token.userId));
  const { answer, message } = parts.messages.post(request.body, author, parts.rules().nowMs);
  if (message !== undefined) {
    const entity = { event_key: 'message_created', entity_id: String(message.id), entity_type: 'Message' };
    parts.log.insert(eventOf(parts, request, author.id, entity));
  }
  return answer;
}

/** The answer to a request whose token is known and inside its limit. */
export function answerRequest(parts: ApiParts, request: ApiRequest, token: TokenEntry): Answer {
  const { method, path } = request;
  if (method === 'GET' && path === '/audit_events') return auditEvents(parts, request, token);
  if (method === 'GET' && path === '/oauth/token/info') return tokenInfo(parts, token);
  if (method === 'POST' && path === '/messages') return postMessage(parts, request, token);
  const userId = /^\/users\/([^/]+)$/.exec(path)?.[1];
  if (method === 'GET' && (path === '/users' || userId !== undefined)) {
    if (!token.scopes.includes('users:read')) return missingScope('users:read');
    return userId === undefined ? listUsers(parts.users, request.params, parts.cursors) : oneUser(parts.users, userId);
  }
  return notFoundAnswer('path', path);
}
