// Owns the conformance fixtures that ask for more input: answers of the 2026 protocol that the client completes and sends again.
import {
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequests,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { DESCRIBED, text } from './contents.ts';

export const stateCodec = createRequestStateCodec<{ step: number }>({ key: 'a key of thirty-two bytes or more' });

const nameSchema = z.object({ name: z.string() });
const okSchema = z.object({ ok: z.boolean() });
const colorSchema = z.object({ color: z.string() });
const contextSchema = z.object({ context: z.string() });

const ask = {
  name: (message = 'What is your name?') => inputRequired.elicit({ message, requestedSchema: nameSchema }),
  confirm: () => inputRequired.elicit({ message: 'Please confirm', requestedSchema: okSchema }),
  color: () => inputRequired.elicit({ message: 'Step 2: What is your favorite color?', requestedSchema: colorSchema }),
  sample: (words: string, maxTokens: number) =>
    inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens }),
};

const done = (words: string) => ({ content: [text(words)] });
const stepOf = ({ mcpReq }: ServerContext): number =>
  z.object({ step: z.number() }).safeParse(mcpReq.requestState()).data?.step ?? 0;

/** Asks with state until all of `keys` are answered. */
async function untilAnswered(context: ServerContext, inputRequests: InputRequests, words: string) {
  const { inputResponses } = context.mcpReq;
  const isAnswered = Object.keys(inputRequests).every((key) => inputResponse(inputResponses, key).kind !== 'missing');
  if (isAnswered && stepOf(context) === 1) return done(words);
  return inputRequired({ inputRequests, requestState: await stateCodec.mint({ step: 1 }, context) });
}

function registerSimple(server: McpServer): void {
  server.registerTool('test_input_required_result_elicitation', DESCRIBED, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, 'user_name', nameSchema);
    if (answer !== undefined) return done(`Hello, ${answer.name}!`);
    return inputRequired({ inputRequests: { user_name: ask.name() } });
  });
  server.registerTool('test_input_required_result_sampling', DESCRIBED, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'capital_question');
    if (answer.kind === 'sampling') return done(JSON.stringify(answer.result.content));
    return inputRequired({ inputRequests: { capital_question: ask.sample('What is the capital of France?', 100) } });
  });
  server.registerTool('test_input_required_result_list_roots', DESCRIBED, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'client_roots');
    if (answer.kind === 'roots') return done(JSON.stringify(answer.roots));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  server.registerTool('test_streaming_elicitation', DESCRIBED, () =>
    inputRequired({ inputRequests: { user_name: ask.name() } }),
  );
}

function registerWithState(server: McpServer): void {
  server.registerTool('test_input_required_result_request_state', DESCRIBED, (context) =>
    untilAnswered(context, { confirm: ask.confirm() }, 'state-ok'),
  );
  server.registerTool('test_input_required_result_tampered_state', DESCRIBED, (context) =>
    untilAnswered(context, { confirm: ask.confirm() }, 'state-ok'),
  );
  server.registerTool('test_input_required_result_multiple_inputs', DESCRIBED, (context) => {
    const greeting = ask.sample('Generate a greeting', 50);
    return untilAnswered(
      context,
      { user_name: ask.name(), greeting, client_roots: inputRequired.listRoots() },
      'All answered.',
    );
  });
  server.registerTool('test_input_required_result_multi_round', DESCRIBED, async (context) => {
    const { inputResponses } = context.mcpReq;
    const step = stepOf(context);
    if (step === 2 && acceptedContent(inputResponses, 'step2', colorSchema) !== undefined)
      return done('Both steps done.');
    const next =
      step === 2 || (step === 1 && acceptedContent(inputResponses, 'step1', nameSchema) !== undefined) ? 2 : 1;
    const inputRequests: InputRequests =
      next === 1 ? { step1: ask.name('Step 1: What is your name?') } : { step2: ask.color() };
    return inputRequired({ inputRequests, requestState: await stateCodec.mint({ step: next }, context) });
  });
}

const capabilitiesSchema = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z
    .looseObject({ sampling: z.unknown(), elicitation: z.unknown() })
    .partial()
    .optional(),
});

function registerByCapability(server: McpServer): void {
  // The SDK refuses to ask for what the client has not declared.
  server.registerTool('test_missing_capability', DESCRIBED, () =>
    inputRequired({ inputRequests: { sampled: ask.sample('Say something', 50) } }),
  );
  server.registerTool('test_input_required_result_capabilities', DESCRIBED, ({ mcpReq }) => {
    const declared = capabilitiesSchema.safeParse(mcpReq.envelope).data?.[CLIENT_CAPABILITIES_META_KEY];
    const inputRequests: InputRequests = {
      ...(declared?.sampling === undefined ? {} : { sampled: ask.sample('Say something', 50) }),
      ...(declared?.elicitation === undefined ? {} : { user_name: ask.name() }),
    };
    return inputRequired({ inputRequests });
  });
}

export function registerInputTools(server: McpServer): void {
  registerSimple(server);
  registerWithState(server);
  registerByCapability(server);
  server.registerPrompt('test_input_required_result_prompt', DESCRIBED, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, 'user_context', contextSchema);
    if (answer !== undefined) return { messages: [{ role: 'user', content: text(answer.context) }] };
    const message = 'What context should the prompt use?';
    return inputRequired({
      inputRequests: { user_context: inputRequired.elicit({ message, requestedSchema: contextSchema }) },
    });
  });
}
