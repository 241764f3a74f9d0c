/** Chat Completions, of OpenAI and of everything that speaks as it does: `POST /v1/chat/completions`. */
import { isObject } from '../../core/json.ts';
import { type Context, callId, type Dialect, data, list, pieces, type Said, textOf } from './dialect.ts';

const head = ({ id, ask }: Context, object: string) => ({ id, object, created: 1_760_000_000, model: ask.model });

const usageOf = ({ usage }: Context) => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedTokens },
});

const calls = (said: Said, context: Context) =>
  (said.tools ?? []).map(({ name, arguments: given }, index) => ({
    ...{ index, id: callId(context, index), type: 'function' },
    function: { name, arguments: textOf(given) },
  }));

const finish = ({ tools, cut }: Said) => (cut ? 'length' : tools ? 'tool_calls' : 'stop');

export const openaiChat: Dialect = {
  name: 'openai-chat',
  matches: (path) => path === '/v1/chat/completions',
  read: (_, body) => ({
    model: String(body.model),
    stream: body.stream === true,
    turn: list(body.messages).filter(({ role }) => role === 'assistant').length,
    tools: list(body.tools).flatMap((tool) =>
      isObject(tool.function) ? [{ name: String(tool.function.name), parameters: tool.function.parameters }] : [],
    ),
  }),
  whole: (said, context) => ({
    ...head(context, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: said.text ?? null,
          ...(said.reasoning !== undefined && { reasoning_content: said.reasoning }),
          ...(said.tools && { tool_calls: calls(said, context) }),
        },
        finish_reason: finish(said),
      },
    ],
    usage: usageOf(context),
  }),
  events: (said, context) => {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      data({ ...head(context, 'chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason }] });
    return [
      chunk({ role: 'assistant', content: '' }),
      ...pieces(said.reasoning ?? '').map((reasoning_content) => chunk({ reasoning_content })),
      ...pieces(said.text ?? '').map((content) => chunk({ content })),
      ...calls(said, context).flatMap((call) => [
        chunk({ tool_calls: [{ ...call, function: { ...call.function, arguments: '' } }] }),
        chunk({ tool_calls: [{ index: call.index, function: { arguments: call.function.arguments } }] }),
      ]),
      chunk({}, finish(said)),
      data({ ...head(context, 'chat.completion.chunk'), choices: [], usage: usageOf(context) }),
      'data: [DONE]\n\n',
    ];
  },
  error: (status, message) => ({ error: { message, type: 'invalid_request_error', param: null, code: `e${status}` } }),
};
