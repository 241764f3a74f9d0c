/** Anthropic Messages: `POST /v1/messages`. What is read from a cache is not among its `input_tokens`. */
import { type Context, callId, type Dialect, data, list, pieces, type Said, textOf } from './dialect.ts';

const inputOf = ({ usage }: Context) => ({
  input_tokens: usage.inputTokens - usage.cachedTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: usage.cachedTokens,
});

const stop = ({ tools, cut }: Said) => (cut ? 'max_tokens' : tools ? 'tool_use' : 'end_turn');

const head = ({ id, ask }: Context) => ({ id, type: 'message', role: 'assistant', model: ask.model });

function block(index: number, content_block: object, deltas: readonly object[]): object[] {
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function blocks(said: Said, context: Context): object[] {
  const all: [object, object[]][] = [];
  if (said.reasoning !== undefined) {
    const thoughts = pieces(said.reasoning).map((thinking) => ({ type: 'thinking_delta', thinking }));
    all.push([{ type: 'thinking', thinking: '', signature: '' }, thoughts]);
  }
  if (said.text !== undefined) {
    all.push([{ type: 'text', text: '' }, pieces(said.text).map((text) => ({ type: 'text_delta', text }))]);
  }
  for (const [index, { name, arguments: given }] of (said.tools ?? []).entries()) {
    const partial_json = textOf(given);
    all.push([
      { type: 'tool_use', id: callId(context, index), name, input: {} },
      [{ type: 'input_json_delta', partial_json }],
    ]);
  }
  return all.flatMap(([start, deltas], index) => block(index, start, deltas));
}

export const anthropic: Dialect = {
  name: 'anthropic',
  matches: (path) => path === '/v1/messages',
  read: (_, body) => ({
    model: String(body.model),
    stream: body.stream === true,
    turn: list(body.messages).filter(({ role }) => role === 'assistant').length,
    tools: list(body.tools).map(({ name, input_schema }) => ({ name: String(name), parameters: input_schema })),
  }),
  whole: (said, context) => ({
    ...head(context),
    content: [
      ...(said.reasoning === undefined ? [] : [{ type: 'thinking', thinking: said.reasoning, signature: '' }]),
      ...(said.text === undefined ? [] : [{ type: 'text', text: said.text }]),
      ...(said.tools ?? []).map(({ name, arguments: input }, index) => ({
        ...{ type: 'tool_use', id: callId(context, index), name, input },
      })),
    ],
    stop_reason: stop(said),
    stop_sequence: null,
    usage: { ...inputOf(context), output_tokens: context.usage.outputTokens },
  }),
  events: (said, context) => {
    const usage = { ...inputOf(context), output_tokens: 1 };
    const message = { ...head(context), content: [], stop_reason: null, stop_sequence: null, usage };
    const all = [
      { type: 'message_start', message },
      ...blocks(said, context),
      {
        type: 'message_delta',
        delta: { stop_reason: stop(said), stop_sequence: null },
        usage: { output_tokens: context.usage.outputTokens },
      },
      { type: 'message_stop' },
    ];
    return all.map((event) => `event: ${'type' in event ? event.type : ''}\n${data(event)}`);
  },
  error: (_, message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
};
