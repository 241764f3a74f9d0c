/** Messages that are sent in: CloudEvents, or the short form with a type and data. */
import { z } from 'zod';
import { LARGEST_MESSAGE, MESSAGE_TYPE, MESSAGE_WORD } from '../core/cloud-event.ts';
import { DEEPEST } from '../core/execution/depth.ts';
import { MESSAGE_PATTERN } from '../core/message-pattern.ts';
import { moment, pageOf, pageQuery, time } from './page.ts';

/** Messages that one request may bring. */
const MAX_BATCH = 10_000;

/** Text without control characters, which PostgreSQL cannot hold. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}+$/u, 'takes text without control characters');
const word = z.string().regex(MESSAGE_WORD, 'takes a text of at most 200 characters on one line');
const attribute = z.union([text(1_000), z.number(), z.boolean()]);

const own = {
  specversion: z.literal('1.0', 'takes "1.0"').optional(),
  type: z.string().regex(MESSAGE_TYPE, 'takes letters, digits, _, -, :, / and points, at most 200'),
  id: text(500).optional().describe('Default a new one; with `source` it names the message for 24 h'),
  source: text(1_000).optional().describe('Default /api/events'),
  time: z.iso.datetime({ offset: true }).optional().describe('Default now'),
  subject: text(1_000).optional(),
  datacontenttype: text(200).optional(),
  dataschema: text(1_000).optional().describe('Names the version of the schema of the type; default the newest'),
  data: z.unknown().optional(),
  data_base64: z.base64().optional(),
  key: word.optional().describe('Short for `partitionkey`'),
  partitionkey: word.optional().describe('Messages of one key are delivered in order'),
  topic: word.optional(),
  correlationid: text(500).optional(),
  causationid: text(500).optional(),
  causationdepth: z
    .int()
    .min(0)
    .max(DEEPEST - 1, 'workflows have started one another too deep; is this an endless loop?')
    .optional(),
};

/** Attributes of an extension: lower-case letters and digits, as CloudEvents want it. */
const EXTENSION = /^[a-z0-9]{1,20}$/;

export const eventSchema = z
  .object(own)
  .catchall(attribute)
  .superRefine((event, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    for (const name of Object.keys(event)) {
      if (!Object.hasOwn(own, name) && !EXTENSION.test(name))
        fault(name, 'unknown field; extensions have names of lower-case letters and digits, at most 20');
    }
    if (event.data !== undefined && event.data_base64 !== undefined) fault('data_base64', 'send data or data_base64');
    const { key, partitionkey } = event;
    if (key !== undefined && partitionkey !== undefined) fault('key', 'send key or partitionkey, which are the same');
    const size = event.data_base64?.length ?? JSON.stringify(event.data ?? null).length;
    if (size > LARGEST_MESSAGE) fault('data', `takes at most ${LARGEST_MESSAGE} characters of JSON, not ${size}`);
  })
  .meta({ id: 'Event' });
export type EventInput = z.output<typeof eventSchema>;

/** In a list, all in one transaction. */
export const eventsBody = z.union([eventSchema, z.array(eventSchema).min(1).max(MAX_BATCH)]);

export const eventsHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('With the same key within 24 h, messages without an id are the same messages'),
});

export const eventsAccepted = z
  .object({
    ids: z.array(z.string()).describe('Of the messages, in the order sent'),
    warnings: z
      .array(z.string())
      .optional()
      .describe('What does not fit the schema of its type, where that is not refused; at most 100'),
  })
  .meta({ id: 'EventsAccepted' });

export const EVENT_TYPE = 'application/cloudevents+json';
export const EVENTS_TYPE = 'application/cloudevents-batch+json';

/** What of the log is wanted. */
export const messageFilter = z.strictObject({
  type: z
    .string()
    .max(200)
    .regex(MESSAGE_PATTERN, 'takes a type such as order.created, or a pattern such as order.*')
    .optional()
    .describe('A type, or a pattern such as order.*'),
  topic: word.optional(),
  key: word.optional(),
  from: moment.optional().describe('Written at this time or later'),
  to: moment.optional().describe('Written before'),
});

export const messagesQuery = messageFilter.extend(pageQuery.shape);

export const messageParams = z.strictObject({
  position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Place of the message in the log'),
});

const messageSummary = z
  .object({
    position: z.int().describe('Its place in the log, which only grows'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    topic: z.string().nullable(),
    key: z.string().nullable(),
    subject: z.string().nullable(),
    correlationId: z.string().nullable(),
    size: z.int().describe('Characters of the whole message as JSON'),
    at: time.describe('When it was written'),
  })
  .meta({ id: 'MessageSummary' });
export type MessageSummary = z.output<typeof messageSummary>;

export const messageSchema = messageSummary
  .extend({
    event: z.record(z.string(), z.unknown()).describe('The CloudEvent'),
    started: z
      .array(z.object({ executionId: z.string(), workflowId: z.string(), workflowName: z.string() }))
      .describe('By triggers of workflows that are active now, as long as their keys are known: 24 h'),
  })
  .meta({ id: 'Message' });
export type MessageAnswer = z.output<typeof messageSchema>;

export const messagePage = pageOf(messageSummary);
