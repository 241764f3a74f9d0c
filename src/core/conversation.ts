/**
 * What is said between a person, a model and its tools, in the one form that agents, sessions and model providers
 * share. Binary content lies in the blobs of the project, by its hash.
 */
import { z } from 'zod';
import { isObject, type Json } from './json.ts';

export const partSchema = z.union([
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.enum(['image', 'audio', 'file']),
    /** SHA-256 in hex of the content. */
    blob: z.string().regex(/^[0-9a-f]{64}$/, 'takes the hash of a blob, see POST /api/blobs'),
    mediaType: z.string().min(1).max(200),
    name: z.string().max(500).optional(),
  }),
]);
export type Part = z.infer<typeof partSchema>;

export const contentSchema = z.union([z.string(), z.array(partSchema).min(1).max(100)]);
export type Content = z.infer<typeof contentSchema>;

/** A model wants a tool to be called. `arguments` are what it wrote: they may fit no schema. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Json;
}

export type Message =
  | { readonly role: 'user'; readonly content: Content; readonly untrusted?: boolean }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly content: string;
      readonly isError?: boolean;
      readonly untrusted?: boolean;
    };

const untrusted = z.boolean().optional();
const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.json() });

/** For what comes from elsewhere, such as the agent that hands a conversation over. */
export const messageSchema: z.ZodType<Message> = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: contentSchema, untrusted }),
  z.object({
    role: z.literal('assistant'),
    content: z.string(),
    toolCalls: z.array(toolCall).max(1_000).optional(),
  }),
  z.object({
    ...{ role: z.literal('tool'), callId: z.string(), name: z.string(), content: z.string() },
    ...{ isError: z.boolean().optional(), untrusted },
  }),
]);

/** By its form at a glance: a conversation is looked at again before each call, and may be long. */
export function isMessage(value: unknown): value is Message {
  if (!isObject(value)) return false;
  const { role, content } = value;
  if (role === 'assistant') return typeof content === 'string';
  if (role === 'tool') return typeof content === 'string' && typeof value.callId === 'string';
  return role === 'user' && contentSchema.safeParse(content).success;
}

/** What a model is told of a tool. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments, of type object. */
  readonly parameters: Json;
}

/** The text of a content; what is no text is left out. */
export function textOf(content: Content): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** The text of a content, with what is no text by its name: `Look at this. [photo.png]`. */
export function namedText(content: Content): string {
  const text = textOf(content);
  if (typeof content === 'string') return text;
  const files = content.flatMap((part) => (part.type === 'text' ? [] : [`[${part.name ?? part.mediaType}]`]));
  return [text, ...files].filter((one) => one !== '').join(' ');
}
