/** A request in the words of the AI SDK. */
import type { Content, Message, Part } from '../../core/conversation.ts';
import { MyelinError } from '../../core/errors.ts';
import { isObject, type Json } from '../../core/json.ts';
import { hasMarks, marked, UNTRUSTED_NOTE } from '../../core/untrusted.ts';
import type { ModelRequest } from '../../ports/model.ts';
import type { ReadBlob } from './provider.ts';
import type { WireOptions, WirePrompt } from './wire.ts';

type WireMessage = WirePrompt[number];
type UserPart = Extract<WireMessage, { role: 'user' }>['content'][number];
type WireTool = Extract<NonNullable<WireOptions['tools']>[number], { type: 'function' }>;

/**
 * What the SDK is called with. `schemaInWords`: the provider cannot be told of a schema beside tools, so the model is.
 * Throws `blob_not_found`.
 */
export async function toWireOptions(
  request: ModelRequest,
  schemaInWords: boolean,
  readBlob: ReadBlob,
): Promise<WireOptions> {
  const { tools = [], schema, temperature, idempotencyKey } = request;
  const inWords = schema !== undefined && schemaInWords && tools.length > 0;
  const own = request.system ?? '';
  const note = hasMarks(own, request.messages) ? UNTRUSTED_NOTE : '';
  const system = [own, note, inWords ? schemaText(schema) : ''].filter((text) => text !== '').join('\n\n');
  const messages = await Promise.all(
    request.messages.map((message) => toWireMessage(request, marked(message), readBlob)),
  );
  return {
    prompt: [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), ...joined(messages)],
    ...(request.maxOutputTokens !== undefined && { maxOutputTokens: request.maxOutputTokens }),
    headers: { 'idempotency-key': idempotencyKey },
    ...(temperature !== undefined && { temperature }),
    ...(tools.length > 0 && { tools: tools.map(toWireTool) }),
    ...(schema !== undefined && !inWords && { responseFormat: { type: 'json', schema: asSchema(schema) } }),
  };
}

const schemaText = (schema: Json): string =>
  `Where you call no tool, answer with JSON alone, without other words, that fits this JSON Schema:\n${JSON.stringify(schema)}`;

async function toWireMessage(request: ModelRequest, message: Message, readBlob: ReadBlob): Promise<WireMessage> {
  if (message.role === 'user') {
    const parts = partsOf(message.content).map((part) => toUserPart(request.projectId, part, readBlob));
    return { role: 'user', content: await Promise.all(parts) };
  }
  if (message.role === 'tool') {
    const { callId, name, content, isError } = message;
    const output = { type: isError ? ('error-text' as const) : ('text' as const), value: content };
    return { role: 'tool', content: [{ type: 'tool-result', toolCallId: callId, toolName: name, output }] };
  }
  const calls = (message.toolCalls ?? []).map((call) => ({
    ...{ type: 'tool-call' as const, toolCallId: call.id, toolName: call.name },
    // Providers take objects only. One that was no JSON is shown to the model as what it was.
    input: isObject(call.arguments) ? call.arguments : { arguments: call.arguments },
  }));
  const said = message.content === '' ? [] : [{ type: 'text' as const, text: message.content }];
  return { role: 'assistant', content: [...said, ...calls] };
}

/** Answers of tools that were called together go back together, as providers want it. */
function joined(messages: readonly WireMessage[]): WireMessage[] {
  const all: WireMessage[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (message.role === 'tool' && last?.role === 'tool') {
      all[all.length - 1] = { ...last, content: [...last.content, ...message.content] };
    } else if (message.role !== 'assistant' || message.content.length > 0) all.push(message);
  }
  return all;
}

const partsOf = (content: Content): readonly Part[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

async function toUserPart(projectId: string, part: Part, readBlob: ReadBlob): Promise<UserPart> {
  if (part.type === 'text') return part;
  const blob = await readBlob(projectId, part.blob);
  if (blob === undefined) throw new MyelinError('blob_not_found', `There is no blob ${part.blob} in the project.`);
  return {
    type: 'file',
    mediaType: part.mediaType,
    data: { type: 'data', data: blob.bytes },
    ...(part.name !== undefined && { filename: part.name }),
  };
}

function toWireTool({ name, description, parameters }: NonNullable<ModelRequest['tools']>[number]): WireTool {
  return { type: 'function', name, description, inputSchema: asSchema(parameters) };
}

/** Ours are checked to be schemas where they come in; the type of the SDK spells out every keyword. */
const asSchema = (schema: Json) => schema as WireTool['inputSchema'];
