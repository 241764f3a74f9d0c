/**
 * What is said between a person, a model and its tools, in the one form that agents, sessions and model providers
 * share. Binary content lies in the blobs of the project, by its hash.
 */
import { z } from 'zod';
import type { Json } from './json.ts';

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

export const toolCallSchema = z.strictObject({ id: z.string(), name: z.string(), arguments: z.json() });
/** A model wants a tool to be called. `arguments` are what it wrote: they may fit no schema. */
export type ToolCall = z.infer<typeof toolCallSchema>;

export const messageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: contentSchema, untrusted: z.boolean().optional() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string(),
    toolCalls: z.array(toolCallSchema).optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    callId: z.string(),
    name: z.string(),
    content: z.string(),
    isError: z.boolean().optional(),
    untrusted: z.boolean().optional(),
  }),
]);
export type Message = z.infer<typeof messageSchema>;

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
