// The memory of list answers must never be seen: every answer is what the SDK would have said.
import { describe, expect, test } from 'vitest';
import { listAnswers, listQuestion } from '../../src/mcp/http-lists.ts';
import { startHttp } from '../support/http-fixture.ts';
import { ask, JSON_HEADERS, legacyCall, modernCall } from '../support/raw-http.ts';

const eras = [
  ['2026', modernCall],
  ['2025', legacyCall],
] as const;

describe.each(eras)('tools/list of %s', (_era, call) => {
  test('the answer from memory is the first answer, under the id of its own question', async () => {
    const { url } = await startHttp();
    const answers = [];
    for (const id of [1, 7]) answers.push(JSON.parse((await ask(url, call('tools/list', {}, id))).body));
    expect(answers[0]).toMatchObject({ id: 1, jsonrpc: '2.0', result: { tools: [{ name: 'echo' }] } });
    expect(answers[1]).toEqual({ ...answers[0], id: 7 });
  });

  test('a wrong request is refused after a right one was remembered', async () => {
    const { url } = await startHttp();
    const good = call('tools/list');
    const first = await ask(url, good);
    const wrong = { 'mcp-protocol-version': '1999-01-01' };
    expect((await ask(url, { ...good, headers: { ...good.headers, ...wrong } })).status).toBe(400);
    expect((await ask(url, good)).body).toBe(first.body);
  });
});

test('the two eras do not share an answer', async () => {
  const { url } = await startHttp();
  const [modern, legacy] = [await ask(url, modernCall('tools/list')), await ask(url, legacyCall('tools/list'))];
  expect(JSON.parse(modern.body).result).toHaveProperty('resultType');
  expect(JSON.parse(legacy.body).result).not.toHaveProperty('resultType');
});

test('calls, notifications, odd ids and clients without JSON are no questions for a list', () => {
  const headers = new Headers(JSON_HEADERS);
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  expect(listQuestion(headers, body)).toBeDefined();
  expect(listQuestion(new Headers({ accept: 'text/event-stream' }), body)).toBeUndefined();
  const others = [
    { ...body, method: 'tools/call' },
    { ...body, id: undefined },
    { ...body, id: {} },
    { ...body, id: 1.5 },
    [body],
  ];
  expect(others.map((other) => listQuestion(headers, other))).toEqual(others.map(() => undefined));
});

test('odd questions do not pile up', () => {
  const lists = listAnswers();
  const question = (key: string) => ({ key, id: 1 });
  for (let index = 0; index < 100; index += 1) lists.keep(question(String(index)), '{"result":{}}');
  lists.keep(question('error'), '{"error":{}}');
  const known = Array.from({ length: 100 }, (_, index) => lists.recall(question(String(index))));
  expect(known.filter((answer) => answer !== undefined)).toHaveLength(32);
  expect(lists.recall(question('error'))).toBeUndefined();
});
