// Owns the memory of list answers: the list of tools never changes while the program runs, and building it anew for
// every request costs more than all the rest of the request.
import { z } from 'zod';

const MAX_ANSWERS = 32;
const METHODS: ReadonlySet<unknown> = new Set(['tools/list']);

const requestSchema = z.looseObject({
  method: z.string(),
  id: z.union([z.string().max(256), z.int()]),
});
const answerSchema = z.looseObject({ result: z.record(z.string(), z.unknown()) });

/** What one request of a kind is told apart by: all that the SDK sees of it, but for its id. */
export interface ListQuestion {
  readonly key: string;
  readonly id: string | number;
}

export interface ListAnswers {
  /** The whole JSON-RPC answer, where this question was answered before. */
  recall(question: ListQuestion): Buffer | undefined;
  /**
   * Keeps what the SDK answered: `text` is its JSON, or one event of a stream that holds it. Gives the answer as it will be
   * recalled, so that the first looks like the rest; undefined for an error, which is not kept.
   */
  keep(question: ListQuestion, text: string): Buffer | undefined;
}

/** `body` as a question for a list; undefined where it is anything else, or the client does not take JSON. */
export function listQuestion(headers: Headers, body: object): ListQuestion | undefined {
  // Most requests are calls: they pay for one comparison, not for a parse.
  if (!('method' in body) || !METHODS.has(body.method)) return undefined;
  const accept = headers.get('accept') ?? '';
  if (!accept.includes('application/json')) return undefined;
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { id, ...rest } = parsed.data;
  const version = headers.get('mcp-protocol-version');
  return { id, key: JSON.stringify([accept, version, headers.get('mcp-method'), headers.get('mcp-name'), rest]) };
}

function resultIn(text: string): unknown {
  const line = text.split('\n').find((candidate) => candidate.startsWith('data: '));
  const message: unknown = JSON.parse(line === undefined ? text : line.slice('data: '.length));
  return answerSchema.safeParse(message).data?.result;
}

export function listAnswers(): ListAnswers {
  const results = new Map<string, Buffer>();
  const recall = ({ key, id }: ListQuestion): Buffer | undefined => {
    const result = results.get(key);
    if (result === undefined) return undefined;
    return Buffer.concat([
      Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`),
      result,
      Buffer.from('}'),
    ]);
  };
  return {
    recall,
    keep(question, text) {
      const result = resultIn(text);
      if (result === undefined) return undefined;
      const [oldest] = results.keys();
      // Clients may put what they like into a request: without a bound, every odd one would stay for ever.
      if (results.size >= MAX_ANSWERS && oldest !== undefined) results.delete(oldest);
      results.set(question.key, Buffer.from(JSON.stringify(result)));
      return recall(question);
    },
  };
}
