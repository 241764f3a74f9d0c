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

interface Piece {
  readonly type: string;
  readonly text: string;
}
type Item =
  | { readonly type: 'reasoning'; readonly id: string; readonly summary: readonly Piece[] }
  | { readonly type: 'message'; readonly id: string; readonly role: 'assistant'; readonly content: readonly Piece[] }
  | { readonly type: 'function_call'; readonly id: string; readonly call_id: string; readonly arguments: string };

function items({ reasoning, text, tools = [] }: Said, context: Context): Item[] {
  const { id } = context;
  const thought: Item[] =
    reasoning === undefined
      ? []
      : [{ type: 'reasoning', id: `rs_${id}`, summary: [{ type: 'summary_text', text: reasoning }] }];
  const output = { type: 'output_text', text: text ?? '', annotations: [] };
  const message = { id: `msg_${id}`, role: 'assistant' as const, status: 'completed' };
  const said: Item[] = text === undefined ? [] : [{ type: 'message', ...message, content: [output] }];
  const calls = tools.map(({ name, arguments: given }, index): Item => {
    const call = { id: `fc_${id}_${index}`, call_id: callId(context, index), name, status: 'completed' };
    return { type: 'function_call', ...call, arguments: textOf(given) };
  });
  return [...thought, ...said, ...calls];
}

/** An answer may be several items, one after the other. */
function turns(input: unknown): number {
  const said = list(input).map(({ role, type }) => role === 'assistant' || type === 'function_call');
  return said.filter((is, index) => is && !said[index - 1]).length;
}

const end = (said: Said, context: Context) => ({
  ...head(context),
  status: said.cut ? 'incomplete' : 'completed',
  error: null,
  incomplete_details: said.cut ? { reason: 'max_output_tokens' } : null,
  output: items(said, context),
  usage: usageOf(context),
});

type Event = { readonly type: string; readonly [field: string]: unknown };

function itemEvents(item: Item, index: number): Event[] {
  const at = { item_id: item.id, output_index: index };
  const added = (shown: object) => ({ type: 'response.output_item.added', output_index: index, item: shown });
  const done = { type: 'response.output_item.done', output_index: index, item };
  if ('summary' in item) {
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
    turn: turns(body.input),
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
