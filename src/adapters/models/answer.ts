/** What a provider sent, as an answer of the port; piece by piece as it streams, or whole. */

import type { ToolCall } from '../../core/conversation.ts';
import { MyelinError } from '../../core/errors.ts';
import { fencedJson } from '../../core/fenced-json.ts';
import type { Usage } from '../../core/money.ts';
import type { Finish, ModelAnswer, ModelRequest } from '../../ports/model.ts';
import { PaidFailure } from './failure.ts';
import type { WirePart, WireResult } from './wire.ts';

type Listener = Pick<ModelRequest, 'onText' | 'onResponse'>;

/** Reads to the end, so that what a failed answer cost is known. Throws what the provider's stream threw. */
export async function readAnswer(
  stream: ReadableStream<WirePart>,
  hasSchema: boolean,
  { onText, onResponse }: Listener,
): Promise<ModelAnswer> {
  let [text, reasoning] = ['', ''];
  let responseId: string | undefined;
  let finish: Extract<WirePart, { type: 'finish' }> | undefined;
  let failure: { readonly error: unknown } | undefined;
  const toolCalls: ToolCall[] = [];
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.delta;
      if (part.delta !== '') onText?.(part.delta);
    } else if (part.type === 'reasoning-delta') reasoning += part.delta;
    else if (part.type === 'tool-call') toolCalls.push(toToolCall(part));
    else if (part.type === 'error') failure ??= part;
    else if (part.type === 'finish') finish = part;
    else if (part.type === 'response-metadata' && part.id !== undefined && responseId === undefined) {
      responseId = part.id;
      await onResponse?.(part.id);
    }
  }
  const usage = finish && usageOf(finish.usage);
  if (failure !== undefined) throw new PaidFailure(failure.error, usage);
  if (finish === undefined) throw cutOff();
  return whole({ text, reasoning, toolCalls, responseId, finishReason: finish.finishReason, usage, hasSchema });
}

/** An answer that came in one piece. */
export function toAnswer(result: WireResult, responseId: string): ModelAnswer {
  const said = (type: 'text' | 'reasoning') =>
    result.content.flatMap((part) => (part.type === type ? [part.text] : [])).join('');
  const toolCalls = result.content.flatMap((part) => (part.type === 'tool-call' ? [toToolCall(part)] : []));
  const [text, reasoning] = [said('text'), said('reasoning')];
  const { finishReason } = result;
  const usage = usageOf(result.usage);
  return whole({ text, reasoning, toolCalls, responseId, finishReason, usage, hasSchema: true });
}

interface Read {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly responseId: string | undefined;
  readonly finishReason: WireResult['finishReason'];
  readonly usage: Usage | undefined;
  readonly hasSchema: boolean;
}

function whole({ text, reasoning, toolCalls, responseId, finishReason, usage, hasSchema }: Read): ModelAnswer {
  const { unified } = finishReason;
  if (unified === 'error' || unified === 'interrupted') throw new PaidFailure(cutOff(), usage);
  const object = hasSchema && toolCalls.length === 0 ? fencedJson(text) : undefined;
  return {
    text,
    ...(reasoning !== '' && { reasoning }),
    ...(object !== undefined && { object }),
    toolCalls,
    finish: toolCalls.length > 0 && unified !== 'length' ? 'tools' : FINISHES[unified],
    usage: usage ?? { inputTokens: 0, outputTokens: 0 },
    ...(responseId !== undefined && { responseId }),
  };
}

const FINISHES: Readonly<Record<Exclude<WireResult['finishReason']['unified'], 'error' | 'interrupted'>, Finish>> = {
  stop: 'stop',
  'tool-calls': 'tools',
  length: 'length',
  'content-filter': 'filter',
  other: 'other',
};

const cutOff = () => new MyelinError('model_failed', 'The answer broke off before its end.');

/** Undefined where the provider did not say. */
function usageOf({ inputTokens, outputTokens }: WireResult['usage']): Usage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  const cached = inputTokens.cacheRead ?? 0;
  return {
    inputTokens: inputTokens.total ?? 0,
    outputTokens: outputTokens.total ?? 0,
    ...(cached > 0 && { cachedTokens: cached }),
  };
}

/** Arguments that are no JSON stay the text they are, for the model to be told so. */
function toToolCall({ toolCallId: id, toolName: name, input }: Extract<WirePart, { type: 'tool-call' }>): ToolCall {
  if (input.trim() === '') return { id, name, arguments: {} };
  return { id, name, arguments: fencedJson(input) ?? input };
}
