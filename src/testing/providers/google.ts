/** Google Gemini: `POST /v1beta/models/MODEL:generateContent`, and `:streamGenerateContent`. Arguments are objects. */
import { isObject } from '../../core/json.ts';
import { type Context, type Dialect, data, list, pieces, type Said } from './dialect.ts';

const PATH = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

const tail = ({ id, ask, usage }: Context) => ({
  usageMetadata: {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: usage.outputTokens,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    cachedContentTokenCount: usage.cachedTokens,
  },
  modelVersion: ask.model,
  responseId: id,
});

const finishReason = ({ cut }: Said) => (cut ? 'MAX_TOKENS' : 'STOP');

const calls = ({ tools = [] }: Said) =>
  tools.map(({ name, arguments: args }) => ({ functionCall: { name, args: isObject(args) ? args : {} } }));

const candidate = (parts: readonly object[], finish: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...finish }],
});

export const google: Dialect = {
  name: 'google',
  matches: (path) => PATH.test(path),
  read: (path, body) => {
    const [, model = '', method = ''] = PATH.exec(path) ?? [];
    return {
      model,
      stream: method === 'streamGenerateContent',
      turn: list(body.contents).filter(({ role }) => role === 'model').length,
      tools: list(body.tools).flatMap((tool) =>
        list(tool.functionDeclarations).map((one) => ({ name: String(one.name), parameters: one.parameters })),
      ),
    };
  },
  whole: (said, context) => ({
    ...candidate(
      [
        ...(said.reasoning === undefined ? [] : [{ text: said.reasoning, thought: true }]),
        ...(said.text === undefined ? [] : [{ text: said.text }]),
        ...calls(said),
      ],
      { finishReason: finishReason(said) },
    ),
    ...tail(context),
  }),
  events: (said, context) => {
    const { modelVersion, responseId } = tail(context);
    return [
      ...pieces(said.reasoning ?? '').map((text) => candidate([{ text, thought: true }])),
      ...pieces(said.text ?? '').map((text) => candidate([{ text }])),
      ...calls(said).map((call) => candidate([call])),
      { ...candidate([{ text: '' }], { finishReason: finishReason(said) }), ...tail(context) },
    ].map((chunk) => data({ modelVersion, responseId, ...chunk }));
  },
  error: (status, message) => ({ error: { code: status, message, status: 'INVALID_ARGUMENT' } }),
};
