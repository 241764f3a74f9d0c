/** Connections of a project, and their routes; part of the table in routes.ts. No answer has a field for a secret. */
import { z } from 'zod';
import { isUuid } from '../core/uuid.ts';
import { pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'takes lower-case letters, digits, ., _ and -, at most 100')
  // It would be taken for an id.
  .refine((text) => !isUuid(text), { error: 'looks like an id; take a name' })
  .describe('By which triggers and nodes name it');
const params = z.strictObject({ id: z.string().min(1).max(100).describe('Id or name') });

const fields = z.record(z.string(), z.unknown());
const config = fields.describe('Fields as its type has them; see `GET /api/connection-types`');

const resultSchema = z
  .object({
    ok: z.boolean(),
    message: z.string().describe('What is wrong, and what to do'),
    details: fields.describe('Such as a version, a status, `ms`'),
    at: time,
  })
  .meta({ id: 'ConnectionTest' });

const connectionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    config: fields.describe('Without its secret fields'),
    secrets: z.array(z.string()).describe('Names of the secret fields that are set'),
    createdAt: time,
    updatedAt: time,
    lastTest: resultSchema.nullable().describe('Null: it was not tested since it was made or changed'),
  })
  .meta({ id: 'Connection' });
export type ConnectionAnswer = z.output<typeof connectionSchema>;

const connectionTypeSchema = z
  .object({
    type: z.string(),
    description: z.string(),
    configSchema: fields.describe('JSON Schema (2020-12); secret fields are `writeOnly`'),
    example: fields,
  })
  .meta({ id: 'ConnectionType' });
export type ConnectionTypeAnswer = z.output<typeof connectionTypeSchema>;

const newConnection = z.strictObject({ name, type: z.string().min(1).max(64), config });
export type NewConnectionBody = z.input<typeof newConnection>;

const connectionChange = z.strictObject({
  name: name.optional(),
  config: config
    .describe('All public fields; a secret field that is left out stays as it is, null removes it')
    .optional(),
});
export type ConnectionChangeBody = z.input<typeof connectionChange>;

const one = { description: 'The connection', schema: connectionSchema };

export const connectionRoutes = {
  listConnections: {
    method: 'GET',
    path: '/api/connections',
    tag: 'Connections',
    summary: 'List connections',
    description: 'By name. Secrets are never shown; `secrets` names those that are set.',
    permission: 'connections:read',
    query: pageQuery.extend({ cursor: z.string().max(100).optional().describe('`nextCursor` of the page before') }),
    answers: { 200: { description: 'A page of them', schema: pageOf(connectionSchema) } },
    problems: [400],
  },
  createConnection: {
    method: 'POST',
    path: '/api/connections',
    tag: 'Connections',
    summary: 'Make a connection',
    permission: 'connections:write',
    body: newConnection,
    answers: { 201: one },
    problems: [400, 409],
  },
  getConnection: {
    method: 'GET',
    path: '/api/connections/:id',
    tag: 'Connections',
    summary: 'Get a connection',
    permission: 'connections:read',
    params,
    answers: { 200: one },
    problems: [400, 404],
  },
  updateConnection: {
    method: 'PUT',
    path: '/api/connections/:id',
    tag: 'Connections',
    summary: 'Change a connection',
    description:
      'Where a field changes that says where secrets are sent, such as `host`, they are given again with it. One that ' +
      'active workflows name keeps its name.',
    permission: 'connections:write',
    params,
    body: connectionChange,
    answers: { 200: one },
    problems: [400, 404, 409, 422],
  },
  deleteConnection: {
    method: 'DELETE',
    path: '/api/connections/:id',
    tag: 'Connections',
    summary: 'Delete a connection',
    description: 'Refused while an active workflow names it, or the feed of events goes by it.',
    permission: 'connections:write',
    params,
    answers: { 204: { description: 'It is gone' } },
    problems: [400, 404, 409],
  },
  testConnection: {
    method: 'POST',
    path: '/api/connections/:id/test',
    tag: 'Connections',
    summary: 'Test a connection',
    description:
      'Signs in, and changes nothing: of `webhook`, it sends an event `myelin.test`. Takes 15 seconds at most. What is ' +
      'wrong outside is `ok: false` with a message.',
    permission: 'connections:write',
    params,
    answers: { 200: { description: 'What came of it', schema: resultSchema } },
    problems: [400, 404],
  },
  rotateConnectionKey: {
    method: 'POST',
    path: '/api/connections/rotate-key',
    tag: 'Connections',
    summary: 'Encrypt all connections by a new master key',
    description: "Those of all projects of the server, so it takes a key of the first one, the operator's.",
    permission: 'server:write',
    answers: {
      200: {
        description: 'What was done',
        schema: z.object({
          keyVersion: z.int(),
          changed: z.int().describe('Connections that were encrypted anew'),
          unreadable: z
            .int()
            .describe('Connections that no master key of this server opens; they are left as they are'),
        }),
      },
    },
    problems: [409, 503],
  },
  listConnectionTypes: {
    method: 'GET',
    path: '/api/connection-types',
    tag: 'Connections',
    summary: 'List the types of connections with their config schemas',
    permission: 'connections:read',
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(connectionTypeSchema) }) } },
  },
} as const satisfies Record<string, Route>;
