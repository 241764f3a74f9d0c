/** A request in the words of the AI SDK. */
import type { Message } from '../../core/conversation.ts';
import { isObject, type Json } from '../../core/json.ts';
import { hasMarks, marked, UNTRUSTED_NOTE } from '../../core/untrusted.ts';
import type { ModelRequest } from '../../ports/model.ts';
import { type Reading, readAttachments } from './attachments.ts';
import type { WireOptions, WirePrompt } from './wire.ts';

type UserMessage = Extract<Message, { role: 'user' }>;
type WireMessage = WirePrompt[number];
type UserPart = Extract<WireMessage, { role: 'user' }>['content'][number];
type WireTool = Extract<NonNullable<WireOptions['tools']>[number], { type: 'function' }>;

/**
 * What the SDK is called with. `schemaInWords`: the provider cannot be told of a schema beside tools, so the model is.
 * Throws `blob_not_found`, and `model_refused` for what it does not read.
 */
export async function toWireOptions(
  request: ModelRequest,
  schemaInWords: boolean,
  { reads, readBlob }: Pick<Reading, 'reads' | 'readBlob'>,
): Promise<WireOptions> {
  const { tools = [], schema, temperature, idempotencyKey } = request;
  const inWords = schema !== undefined && schemaInWords && tools.length > 0;
  const own = request.system ?? '';
  const note = hasMarks(own, request.messages) ? UNTRUSTED_NOTE : '';
  const system = [own, note, inWords ? schemaText(schema) : ''].filter((text) => text !== '').join('\n\n');
  const { projectId, model } = request;
  const reading = { projectId, model, reads, readBlob };
  const newest = request.messages.findLast(({ role }) => role === 'user');
  const messages = await Promise.all(
    request.messages.map((message) =>
      message.role === 'user' ? toUserMessage(message, message === newest, reading) : toWireMessage(marked(message)),
    ),
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

async function toUserMessage(given: UserMessage, isNewest: boolean, reading: Reading): Promise<WireMessage> {
  const { message, bytes } = await readAttachments(given, isNewest, reading);
  const { content } = marked(message);
  if (typeof content === 'string') return { role: 'user', content: [{ type: 'text', text: content }] };
  const parts = content.map((part): UserPart => {
    if (part.type === 'text') return part;
    const { blob, mediaType, name } = part;
    const data = { type: 'data' as const, data: bytes.get(blob) ?? new Uint8Array() };
    return { type: 'file', mediaType, data, ...(name !== undefined && { filename: name }) };
  });
  return { role: 'user', content: parts };
}

function toWireMessage(message: Exclude<Message, UserMessage>): WireMessage {
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

/** Some providers refuse a conversation that the assistant begins, as one does whose beginning is out of the window. */
const EARLIER: WireMessage = { role: 'user', content: [{ type: 'text', text: '(What was said before is left out.)' }] };

/** Answers of tools that were called together go back together, as providers want it. */
function joined(messages: readonly WireMessage[]): WireMessage[] {
  const all: WireMessage[] = messages[0]?.role === 'assistant' ? [EARLIER] : [];
  for (const message of messages) {
    const last = all.at(-1);
    if (message.role === 'tool' && last?.role === 'tool') {
      all[all.length - 1] = { ...last, content: [...last.content, ...message.content] };
    } else if (message.role !== 'assistant' || message.content.length > 0) all.push(message);
  }
  return all;
}

function toWireTool({ name, description, parameters }: NonNullable<ModelRequest['tools']>[number]): WireTool {
  return { type: 'function', name, description, inputSchema: asSchema(parameters) };
}

/** Ours are checked to be schemas where they come in; the type of the SDK spells out every keyword. */
const asSchema = (schema: Json) => schema as WireTool['inputSchema'];
