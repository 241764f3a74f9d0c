/** API keys of a project, and their routes; part of the table in routes.ts. One answer has a secret in it, once: that which makes it. */
import { z } from 'zod';
import { KEY_ROLES } from '../core/keys/roles.ts';
import { time } from './page.ts';
import type { Route } from './route.ts';

const LONGEST_KEY_NAME = 64;

const role = z.enum(KEY_ROLES).describe('What it may; each may what those before it may');

const keySchema = z
  .object({
    id: z.string(),
    name: z.string().describe('By which what it decides is known'),
    role,
    ending: z.string().nullable().describe('The last characters of the key; null: it is older than the note of them'),
    createdBy: z.string().nullable().describe('Name of the key that made it; null: the server did'),
    createdAt: time,
    expiresAt: time.nullable().describe('Null: it does not expire'),
    lastUsedAt: time
      .nullable()
      .describe('True to a minute; browsers that it signed in count. Null: never, as far as is known'),
    isYours: z.boolean().describe('It is the one that asks, or that signed this browser in'),
  })
  .meta({ id: 'Key' });
export type KeyAnswer = z.output<typeof keySchema>;

const newKey = z.strictObject({
  name: z
    .string()
    .max(LONGEST_KEY_NAME)
    .regex(
      /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@+-]*[\p{L}\p{N}])?$/u,
      'takes letters, digits, spaces, ., _, @, + and -, and begins and ends with a letter or digit',
    )
    .describe('Of its own in the project: say who uses it'),
  role,
  expiresAt: time.nullable().default(null).describe('At most ten years from now; null or left out: it does not expire'),
});
export type NewKeyBody = z.input<typeof newKey>;

const madeSchema = z
  .object({
    key: keySchema,
    secret: z.string().describe('What callers send. It is in this answer only: keep it now'),
  })
  .meta({ id: 'MadeKey' });
export type MadeKeyAnswer = z.output<typeof madeSchema>;

export const keyRoutes = {
  listKeys: {
    method: 'GET',
    path: '/api/keys',
    tag: 'Keys',
    summary: 'List the keys of the project',
    description: 'Newest first, those that have expired too. A project has 100 at most.',
    permission: 'keys:read',
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(keySchema) }) } },
  },
  createKey: {
    method: 'POST',
    path: '/api/keys',
    tag: 'Keys',
    summary: 'Make a key',
    description: 'It may no more than the key that makes it, and lives no longer.',
    permission: 'keys:write',
    body: newKey,
    answers: { 201: { description: 'The key, with its secret', schema: madeSchema } },
    problems: [400, 409],
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/keys/:id',
    tag: 'Keys',
    summary: 'Revoke a key',
    description:
      'It and the browsers that it signed in are refused: here at once, in other processes within a minute. Keys that ' +
      'it made stay. Refused for the last owner key that does not expire.',
    permission: 'keys:write',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    answers: { 204: { description: 'It opens nothing any more' } },
    problems: [400, 404, 409],
  },
} as const satisfies Record<string, Route>;
