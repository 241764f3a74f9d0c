/** How much a model is given to read. Only its provider counts tokens exactly; texts are measured in characters. */
import type { Message, ToolSpec } from './conversation.ts';
import type { Json } from './json.ts';

export interface Request {
  readonly system?: string | undefined;
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSpec[] | undefined;
  readonly schema?: Json | undefined;
}

/** A token of any language has hardly more characters. */
export const MOST_CHARS_PER_TOKEN = 6;

/** Characters that cost about as much as an image. */
const IMAGE = 4_000;
/** Around a message, with the marks of one that is untrusted. */
const FRAME = 40;

/** Characters of a request. Recordings and files are not counted: nobody knows before what they come to. */
export function sizeOf({ system = '', messages, tools = [], schema }: Request): number {
  return (
    system.length +
    messages.reduce((sum, message) => sum + messageSize(message), 0) +
    jsonSize(tools) +
    jsonSize(schema)
  );
}

export function messageSize(message: Message): number {
  const calls = message.role === 'assistant' ? jsonSize(message.toolCalls) : 0;
  const { content } = message;
  if (typeof content === 'string') return FRAME + calls + content.length;
  const parts = content.map((part) => (part.type === 'text' ? part.text.length : part.type === 'image' ? IMAGE : 0));
  return FRAME + parts.reduce((sum, one) => sum + one, 0);
}

const jsonSize = (value: unknown): number => (value === undefined ? 0 : JSON.stringify(value).length);
