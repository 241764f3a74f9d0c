/** Sessions: summaries in lists, events, the state at any number, the timeline, and what is made of many of them. */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../core/duration.ts';
import {
  contextKeySchema,
  incomingEventSchema,
  lineSchema,
  longTextSchema,
  REASONS,
  valueSchema,
} from '../core/session/schema.ts';
import { moment, pageOf, pageQuery, time } from './page.ts';

const STATUSES = ['active', 'ended'] as const;
const KINDS = ['user', 'agent', 'tool', 'model', 'thought', 'intent', 'context'] as const;
export const PROJECTION_NAMES = ['agent_session_summary', 'message_timeline', 'agent_performance_daily'] as const;
const MOST_EVENTS = 100;

const nanos = z.number().describe('In billionths of the unit of the currency: 12500000 is 0.0125');

export const sessionSchema = z
  .object({
    id: z.string(),
    key: z.string(),
    agent: z.string(),
    userId: z.string().nullable(),
    status: z.enum(STATUSES),
    seq: z.int().describe('Number of its last event; in lists, of the last that is projected'),
    startedAt: time,
    lastActivity: time,
    endedAt: time.nullable(),
    endReason: z.string().nullable(),
    messageCount: z.int().describe('Of people and the agent'),
    modelCalls: z.int(),
    toolCalls: z.int(),
    failedToolCalls: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cost: nanos,
    lastUserMessage: z.string().nullable(),
    lastResponse: z.string().nullable(),
    lastRole: z.enum(['user', 'agent']).nullable().describe('Whose the later of the two is; null: not known'),
    intent: z.string().nullable().describe('The latest that was classified'),
    category: z.string().nullable(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;
export const sessionPage = pageOf(sessionSchema);

const name = lineSchema(200);
const tag = lineSchema(100);

export const sessionsQuery = pageQuery.extend({
  user: name.optional().describe('Id of the user'),
  agent: name.optional(),
  status: z.enum(STATUSES).optional(),
  from: moment.optional().describe('Last active at this time or later'),
  to: moment.optional().describe('Last active before this time'),
  category: name.optional(),
  tags: z.string().min(1).max(2_000).optional().describe('Has all of them; separated by commas'),
});

const MAX_SEQ = 2_147_483_647;
const after = z.coerce.number().int().min(0).max(MAX_SEQ).default(0).describe('Number of the last event you have');
export const sessionPageQuery = z.strictObject({
  after,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const stateQuery = z.strictObject({
  at: z.coerce.number().int().min(1).max(MAX_SEQ).optional().describe('After the event of this number; default all'),
});

const writerSchema = z.object({
  key: z.string().describe('Name of the key, as the server knows it'),
  via: z.enum(['browser', 'key']).describe('browser: a person who is signed in'),
  name: name.optional().describe('As they say'),
});

const sessionEventSchema = z
  .object({
    seq: z.int(),
    type: z.string(),
    at: time,
    executionId: z.string().nullable().describe('The execution that wrote it'),
    by: writerSchema.nullable().describe('Who wrote it by the API'),
    data: z.unknown(),
  })
  .meta({ id: 'SessionEvent' });
export type SessionEventAnswer = z.infer<typeof sessionEventSchema>;
export const sessionEventPage = pageOf(sessionEventSchema);

export const sessionStateSchema = z
  .object({
    seq: z.int(),
    key: z.string(),
    agent: z.string(),
    userId: z.string().nullable(),
    status: z.enum(STATUSES),
    startedAt: time,
    lastActivity: time,
    endedAt: time.nullable(),
    endReason: z.string().nullable(),
    metadata: z.unknown(),
    messages: z.array(
      z.object({
        role: z.enum(['user', 'agent']),
        seq: z.int(),
        at: time,
        id: z.string(),
        content: z.unknown(),
        untrusted: z.literal(true).optional(),
        by: writerSchema.optional().describe('Of an answer that somebody gave in the place of the agent'),
      }),
    ),
    context: z.record(z.string(), z.unknown()).describe('What is remembered, by key'),
    summary: z.string().nullable(),
    intent: z.object({ intent: z.string(), confidence: z.number(), entities: z.unknown() }).nullable(),
    openModelCalls: z.array(z.object({ requestId: z.string(), model: z.string(), at: time })),
    openToolCalls: z.array(z.object({ invocationId: z.string(), tool: z.string(), at: time })),
    counters: z.object({
      messages: z.int(),
      modelCalls: z.int(),
      failedModelCalls: z.int(),
      toolCalls: z.int(),
      failedToolCalls: z.int(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      cost: nanos,
    }),
  })
  .meta({ id: 'SessionState' });
export type SessionStateAnswer = z.infer<typeof sessionStateSchema>;

const timelineRowSchema = z
  .object({
    seq: z.int(),
    at: time,
    kind: z.enum(KINDS),
    content: z.string().describe('At most 1,000 characters'),
    executionId: z.string().nullable(),
    data: z.unknown(),
  })
  .meta({ id: 'TimelineLine' });
export type TimelineLine = z.infer<typeof timelineRowSchema>;
export const timelinePage = pageOf(timelineRowSchema);

export const startSessionBody = z.strictObject({
  key: lineSchema(500).describe('New to the project'),
  agent: name,
  userId: name.optional(),
  metadata: valueSchema.optional(),
  context: z
    .record(contextKeySchema, valueSchema)
    .refine((context) => Object.keys(context).length <= 200, 'takes at most 200 keys')
    .optional(),
  idle: durationSchema
    .refine((text) => parseDuration(text) >= 60_000, 'takes a minute or more, such as 30m or 7d')
    .optional()
    .describe('It ends by itself after so long without activity; default MYELIN_SESSION_IDLE'),
  category: name.optional(),
  tags: z.array(tag).max(50).optional(),
});

export const appendBody = z.strictObject({
  expectedSeq: z.int().min(1).max(MAX_SEQ).describe('Number of the last event you have read'),
  by: name.optional().describe('Who writes; the server notes the name of the key besides'),
  events: z.array(incomingEventSchema).min(1).max(MOST_EVENTS),
});
export const appendedSchema = z.object({ id: z.string(), seq: z.int().describe('Number of the last event') });

export const endSessionBody = z.strictObject({
  reason: z.enum(REASONS).default('user_close'),
  summary: longTextSchema.optional(),
});

export const recallQuery = z.strictObject({
  q: z
    .string()
    .min(1)
    .max(1_000)
    .regex(/^[^\0]*$/, 'takes no NUL')
    .describe('Words, "a phrase", or -not'),
  user: name.optional().describe('Only sessions of this user'),
  session: lineSchema(500).optional().describe('Only of this session; id or key'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const recalledSchema = z
  .object({
    sessionId: z.string(),
    sessionKey: z.string(),
    seq: z.int(),
    at: time,
    kind: z.enum(KINDS),
    text: z.string(),
  })
  .meta({ id: 'Recalled' });
export type RecalledAnswer = z.infer<typeof recalledSchema>;
export const recalledList = z.object({ items: z.array(recalledSchema) });

export const performanceQuery = z.strictObject({
  agent: name.optional(),
  from: z.iso.date().optional().describe('Day, included'),
  to: z.iso.date().optional().describe('Day, included'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
const performanceRowSchema = z
  .object({
    agent: z.string(),
    day: z.iso.date().describe('In UTC'),
    sessions: z.int().describe('Begun on this day'),
    messages: z.int(),
    responses: z.int(),
    modelCalls: z.int(),
    failedModelCalls: z.int(),
    toolCalls: z.int(),
    failedToolCalls: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cost: nanos,
    averageLatencyMs: z.number().nullable().describe('Of a model call'),
  })
  .meta({ id: 'AgentPerformance' });
export type AgentPerformance = z.infer<typeof performanceRowSchema>;
export const performanceList = z.object({ items: z.array(performanceRowSchema) });

export const projectionParams = z.strictObject({ name: z.enum(PROJECTION_NAMES) });
/** A line of the answer while a projection is made anew. */
export const rebuildLineSchema = z.object({
  done: z.int(),
  of: z.int(),
  finished: z.boolean().describe('The last line; without it, it broke off'),
});
export type RebuildLine = z.infer<typeof rebuildLineSchema>;
