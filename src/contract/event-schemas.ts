/** Schemas of message types, and their routes; part of the table in routes.ts. */
import { z } from 'zod';
import { MESSAGE_TYPE } from '../core/cloud-event.ts';
import { MOST_VERSIONS, POLICIES } from '../core/event-schema/event-schema.ts';
import { pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const type = z
  .string()
  .regex(MESSAGE_TYPE, 'takes letters, digits, _, -, :, / and points, at most 200')
  .describe('Of the messages, such as order.placed');
const params = z.strictObject({ type });
const version = z.int().min(1).max(MOST_VERSIONS);
const policy = z
  .enum(POLICIES)
  .describe('What becomes of a message that does not fit; that of the newest version counts for all');
const schema = z.union([z.record(z.string(), z.unknown()), z.boolean()]).describe('JSON Schema of `data`');
const upcast = z.unknown().describe('A template that makes data of this version of `$data` of the version before');

const newEventSchema = z.strictObject({ schema, policy, upcast: upcast.optional() });
export type NewEventSchema = z.input<typeof newEventSchema>;

const versionSchema = z.object({ version, policy, createdAt: time });

const eventSchemaSummary = versionSchema
  .extend({ type, version: version.describe('The newest') })
  .meta({ id: 'EventSchemaSummary' });
export type EventSchemaSummary = z.output<typeof eventSchemaSummary>;

const eventSchemaAnswer = versionSchema
  .extend({
    type,
    schema,
    upcast,
    dataschema: z.string().describe('Of messages that are written under this version'),
    versions: z.array(versionSchema).describe('Newest first'),
  })
  .meta({ id: 'EventSchema' });
export type EventSchemaAnswer = z.output<typeof eventSchemaAnswer>;

const one = { description: 'The schema', schema: eventSchemaAnswer };

export const eventSchemaRoutes = {
  listEventSchemas: {
    method: 'GET',
    path: '/api/event-schemas',
    tag: 'Messages',
    summary: 'List the types of messages that have a schema',
    description: 'By type, each with its newest version.',
    permission: 'events:read',
    query: pageQuery.extend({ cursor: type.optional().describe('`nextCursor` of the page before') }),
    answers: { 200: { description: 'A page of them', schema: pageOf(eventSchemaSummary) } },
    problems: [400],
  },
  getEventSchema: {
    method: 'GET',
    path: '/api/event-schemas/:type',
    tag: 'Messages',
    summary: 'Get the newest schema of a type of messages',
    permission: 'events:read',
    params,
    answers: { 200: one },
    problems: [400, 404],
  },
  getEventSchemaVersion: {
    method: 'GET',
    path: '/api/event-schemas/:type/:version',
    tag: 'Messages',
    summary: 'Get a version of a schema',
    description: 'The address is the `dataschema` of messages that were written under it.',
    permission: 'events:read',
    params: params.extend({ version: z.coerce.number().pipe(version) }),
    answers: { 200: one },
    problems: [400, 404],
  },
  putEventSchema: {
    method: 'PUT',
    path: '/api/event-schemas/:type',
    tag: 'Messages',
    summary: 'Give a type of messages a schema, or a new version of it',
    description:
      'A new version may only add to the one before, unless `upcast` says how data of that one is made into data of ' +
      'this one. The same again makes no version.',
    permission: 'events:write',
    params,
    body: newEventSchema,
    answers: { 200: { description: 'The newest version', schema: eventSchemaAnswer } },
    problems: [400, 409, 422],
  },
  deleteEventSchema: {
    method: 'DELETE',
    path: '/api/event-schemas/:type',
    tag: 'Messages',
    summary: 'Delete the schema of a type of messages with all its versions',
    description:
      'Refused while the log holds a message that was written under it, or an active workflow listens for the type.',
    permission: 'events:write',
    params,
    answers: { 204: { description: 'It is gone' } },
    problems: [400, 404, 409],
  },
} as const satisfies Record<string, Route>;
