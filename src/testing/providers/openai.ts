/** OpenAI Responses: `POST /v1/responses`. */
import { type Context, callId, type Dialect, data, list, pieces, type Said, textOf } from './dialect.ts';

const usageOf = ({ usage }: Context) => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cachedTokens },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

const head = ({ id, ask }: Context) => ({ id, object: 'response', created_at: 1_760_000_000, model: ask.model });

function items(said: Said, context: Context) {
  const message = { type: 'message', id: `msg_${context.id}`, role: 'assistant', status: 'completed' };
  const content = [{ type: 'output_text', text: said.text ?? '', annotations: [] }];
  return [
    ...(said.reasoning === undefined
      ? []
      : [{ type: 'reasoning', id: `rs_${context.id}`, summary: [{ type: 'summary_text', text: said.reasoning }] }]),
    ...(said.text === undefined ? [] : [{ ...message, content }]),
    ...(said.tools ?? []).map(({ name, arguments: given }, index) => ({
      ...{ type: 'function_call', id: `fc_${context.id}_${index}`, call_id: callId(context, index), name },
      ...{ arguments: textOf(given), status: 'completed' },
    })),
  ];
}

const end = (said: Said, context: Context) => ({
  ...head(context),
  status: said.cut ? 'incomplete' : 'completed',
  error: null,
  incomplete_details: said.cut ? { reason: 'max_output_tokens' } : null,
  output: items(said, context),
  usage: usageOf(context),
});

interface Event {
  readonly type: string;
}

function itemEvents(item: ReturnType<typeof items>[number], index: number): Event[] {
  const at = { item_id: item.id, output_index: index };
  const added = (shown: object) => ({ type: 'response.output_item.added', output_index: index, item: shown });
  const done = { type: 'response.output_item.done', output_index: index, item };
  if (item.summary !== undefined) {
    const deltas = pieces(item.summary[0]?.text ?? '').map((delta) => ({
      ...{ type: 'response.reasoning_summary_text.delta', ...at, summary_index: 0, delta },
    }));
    return [added({ ...item, summary: [] }), ...deltas, done];
  }
  if ('content' in item) {
    const deltas = pieces(item.content[0]?.text ?? '').map((delta) => ({
      ...{ type: 'response.output_text.delta', ...at, content_index: 0, delta },
    }));
    return [added({ ...item, status: 'in_progress', content: [] }), ...deltas, done];
  }
  const delta = { type: 'response.function_call_arguments.delta', ...at, delta: item.arguments };
  return [added({ ...item, status: 'in_progress', arguments: '' }), delta, done];
}

export const openai: Dialect = {
  name: 'openai',
  matches: (path) => path === '/v1/responses',
  read: (_, body) => ({
    model: String(body.model),
    stream: body.stream === true,
    turn: list(body.input).filter((item) => item.role === 'assistant' || item.type === 'function_call').length,
    tools: list(body.tools).map(({ name, parameters }) => ({ name: String(name), parameters })),
  }),
  whole: end,
  events: (said, context) => {
    const start = { ...head(context), status: 'in_progress', output: [] };
    const all: readonly Event[] = [
      { type: 'response.created', response: start },
      { type: 'response.in_progress', response: start },
      ...items(said, context).flatMap(itemEvents),
      { type: said.cut ? 'response.incomplete' : 'response.completed', response: end(said, context) },
    ];
    return all.map((event, index) => `event: ${event.type}\n${data({ sequence_number: index, ...event })}`);
  },
  error: (status, message) => ({ error: { message, type: 'invalid_request_error', param: null, code: `e${status}` } }),
};
