/**
 * Events of a session that come in from outside, by the API: what each may hold and how much. Begin and end have
 * requests of their own. Texts are at most 100,000 characters, free values 256 KiB of JSON.
 */
import { z } from 'zod';
import { contentSchema } from '../conversation.ts';
import type { ErrorInfo } from '../errors.ts';
import type { Json } from '../json.ts';
import { isUnsafeKey } from '../safe-json.ts';
import type { SessionEventData, SessionEventType } from './events.ts';
import { SUMMED_UP_TO } from './state.ts';

const LONGEST_TEXT = 100_000;
const LARGEST_VALUE = 256 * 1024;
const MOST_TOKENS = 1_000_000_000;
/** Nanos: a million of a currency. */
const MOST_COST = 1e15;
const DAY_MS = 86_400_000;

/** One line without control characters: a name, a key, an id. */
export const lineSchema = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'takes no control characters');
export const contextKeySchema = lineSchema(200)
  .refine((key) => !isUnsafeKey(key), 'is a name that is refused')
  // It would hide from an agent what was said.
  .refine((key) => key !== SUMMED_UP_TO, 'is a name of our own; take another');
export const longTextSchema = z.string().max(LONGEST_TEXT);
/** A free value, of limited size. */
export const valueSchema = z.custom<Json>(
  (value) => value !== undefined && JSON.stringify(value).length <= LARGEST_VALUE,
  `takes at most ${LARGEST_VALUE} characters of JSON`,
);

const id = lineSchema(200);
const model = lineSchema(200);
const tool = lineSchema(200);
const share = z.number().min(0).max(1);
const milliseconds = z.int().min(0).max(DAY_MS);
const tokens = z.int().min(0).max(MOST_TOKENS);
const content = contentSchema.refine(
  (value) => JSON.stringify(value).length <= LARGEST_VALUE,
  `takes at most ${LARGEST_VALUE} characters of JSON`,
);
const error: z.ZodType<ErrorInfo> = z.strictObject({
  code: lineSchema(100),
  kind: z.enum(['transient', 'permanent']),
  message: z.string().max(10_000),
  data: valueSchema.optional(),
});

export const REASONS = ['user_close', 'timeout', 'completed', 'error'] as const;

type Incoming = Exclude<SessionEventType, `agent.session.${'started' | 'ended' | 'reopened'}`>;
type Optional<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

const DATA = {
  'user.message.received': z.strictObject({
    messageId: id,
    content,
    untrusted: z.boolean().optional(),
    metadata: valueSchema.optional(),
  }),
  'intent.classified': z.strictObject({
    messageId: id.optional(),
    intent: lineSchema(200),
    confidence: share,
    entities: valueSchema.optional(),
    alternatives: z
      .array(z.strictObject({ intent: lineSchema(200), confidence: share }))
      .max(50)
      .optional(),
  }),
  'llm.requested': z.strictObject({ requestId: id, model, messages: z.int().min(0).max(1_000_000) }),
  'llm.responded': z.strictObject({
    requestId: id,
    model,
    text: longTextSchema.optional(),
    toolCalls: z
      .array(z.strictObject({ id, name: tool, arguments: valueSchema }))
      .max(100)
      .optional(),
    usage: z.strictObject({ inputTokens: tokens, outputTokens: tokens, cachedTokens: tokens.optional() }).optional(),
    cost: z.int().min(0).max(MOST_COST).describe('In nanos').optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'takes a currency such as USD')
      .optional(),
    latencyMs: milliseconds,
    finish: lineSchema(100).optional(),
    error: error.optional(),
  }),
  'tool.invoked': z.strictObject({
    invocationId: id,
    tool,
    arguments: valueSchema.describe('Those it was called with'),
    requested: valueSchema.describe('What the model wanted, where a person made others of it').optional(),
    approvedBy: lineSchema(200).optional(),
  }),
  'tool.completed': z.strictObject({
    invocationId: id,
    tool,
    success: z.boolean(),
    output: valueSchema.optional(),
    error: error.optional(),
    durationMs: milliseconds,
  }),
  'chain.step': z.strictObject({ step: z.int().min(0).max(1_000_000), thought: longTextSchema }),
  'agent.response.generated': z
    .strictObject({
      responseId: id,
      content: valueSchema,
      contentType: z.enum(['text', 'structured']),
      confidence: share.optional(),
    })
    .refine(({ content, contentType }) => contentType !== 'text' || typeof content === 'string', {
      message: 'takes a text where contentType is text',
      path: ['content'],
    }),
  'session.context.updated': z.strictObject({
    updateType: z.enum(['memory', 'preference', 'state', 'summary']),
    key: contextKeySchema,
    newValue: valueSchema.describe('null: forgotten'),
    oldValue: valueSchema.optional(),
  }),
} satisfies { readonly [T in Incoming]: z.ZodType<Optional<SessionEventData[T]>> };

const event = <T extends Incoming>(type: T) => z.strictObject({ type: z.literal(type), data: DATA[type] });

/** One event as a caller sends it; the server says when it happened. */
export const incomingEventSchema = z.discriminatedUnion('type', [
  event('user.message.received'),
  event('intent.classified'),
  event('llm.requested'),
  event('llm.responded'),
  event('tool.invoked'),
  event('tool.completed'),
  event('chain.step'),
  event('agent.response.generated'),
  event('session.context.updated'),
]);
export type IncomingEvent = z.output<typeof incomingEventSchema>;
