// Owns POST /messages: checks the body, keeps what was sent.
import { z } from 'zod';
import { type Answer, type ApiErrorItem, dataAnswer, errorsAnswer, notFoundAnswer } from './answer.ts';
import type { SimUser } from './model.ts';

export interface PostedMessage {
  id: number;
  entity_type: 'user' | 'discussion' | 'thread';
  entity_id: number;
  chat_id: number;
  content: string;
  user_id: number;
  created_at: string;
}

export interface MessageBox {
  /** The answer, and the message where it was accepted. */
  post(body: string, author: SimUser, nowMs: number): { answer: Answer; message?: PostedMessage };
  readonly messages: readonly PostedMessage[];
}

const entityTypes = ['discussion', 'thread', 'user'] as const;
const bodySchema = z.looseObject({
  message: z.looseObject({
    entity_type: z.enum(entityTypes).default('discussion'),
    entity_id: z.int().positive(),
    content: z.string().trim().min(1).max(40_000),
  }),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bodyErrors(error: z.ZodError): ApiErrorItem[] {
  return error.issues.map((issue) => ({
    key: issue.path.slice(1).join('.') || 'message',
    value: null,
    message: issue.message,
    code: issue.code === 'invalid_value' ? 'inclusion' : issue.code === 'too_big' ? 'too_long' : 'blank',
  }));
}

/** `allow` is the limit of messages into one chat: undefined, or the wait in milliseconds. */
export function createMessageBox(
  users: readonly SimUser[],
  allow: (chatKey: string) => number | undefined,
): MessageBox {
  const messages: PostedMessage[] = [];
  return {
    messages,
    post(body, author, nowMs) {
      const json = parseJson(body);
      if (json === undefined) {
        const item = { key: 'body', value: null, message: 'Некорректный JSON', code: 'wrong_params' };
        return { answer: errorsAnswer(400, item) };
      }
      const parsed = bodySchema.safeParse(json);
      if (!parsed.success) return { answer: errorsAnswer(422, ...bodyErrors(parsed.error)) };
      const { entity_type, entity_id, content } = parsed.data.message;
      if (entity_type === 'user' && !users.some((user) => user.id === entity_id)) {
        return { answer: notFoundAnswer('entity_id', String(entity_id)) };
      }
      const wait = allow(`${entity_type}:${entity_id}`);
      if (wait !== undefined) return { answer: tooManyMessages(wait) };
      const message = {
        id: 900_000_000 + messages.length,
        entity_type,
        entity_id,
        chat_id: entity_type === 'user' ? 50_000_000 + entity_id : entity_id,
        content,
        user_id: author.id,
        created_at: new Date(nowMs).toISOString(),
      };
      messages.push(message);
      return { answer: dataAnswer(asShown(message), 201), message };
    },
  };
}

function asShown(message: PostedMessage): unknown {
  return {
    ...message,
    root_chat_id: message.chat_id,
    url: `https://app.pachca.com/chats/${message.chat_id}?message=${message.id}`,
    files: [],
    buttons: [],
    thread: null,
    forwarding: null,
    parent_message_id: null,
    display_avatar_url: null,
    display_name: null,
    changed_at: null,
    deleted_at: null,
  };
}

function tooManyMessages(waitMs: number): Answer {
  const item = { key: 'base', value: null, message: 'Достигнут лимит запросов', code: 'rate_limit' };
  return { ...errorsAnswer(429, item), headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } };
}
