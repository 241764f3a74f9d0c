/** Prompts of a project, and their routes; part of the table in routes.ts. */
import { z } from 'zod';
import { LONGEST_PROMPT } from '../core/prompt.ts';
import { pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'takes lower-case letters, digits, ., _ and -, at most 100')
  .describe('Of the prompt');
const params = z.strictObject({ name });
const version = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** What PostgreSQL can store. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
const UNSTORABLE = 'has a NUL or half a character; remove it';

const promptBody = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(LONGEST_PROMPT)
    .refine(isStorable, UNSTORABLE)
    .describe('A template: `{{ }}` holds expressions, as in the config of a node'),
  note: z.string().max(2_000).refine(isStorable, UNSTORABLE).optional().describe('What is new in this version'),
});

const versionSchema = z.object({ version, note: z.string().nullable(), createdAt: time });

const promptSummary = versionSchema
  .extend({ name, version: version.describe('The active one') })
  .meta({ id: 'PromptSummary' });
export type PromptSummary = z.output<typeof promptSummary>;

const promptSchema = versionSchema
  .extend({
    name,
    active: version.describe('Number of the active version'),
    text: z.string(),
    versions: z.array(versionSchema).describe('Newest first, at most 100'),
  })
  .meta({ id: 'Prompt' });
export type PromptAnswer = z.output<typeof promptSchema>;

export const promptRoutes = {
  listPrompts: {
    method: 'GET',
    path: '/api/prompts',
    tag: 'Prompts',
    summary: 'List prompts',
    description: 'By name, each with its active version.',
    permission: 'workflows:read',
    query: pageQuery.extend({ cursor: name.optional().describe('`nextCursor` of the page before') }),
    answers: { 200: { description: 'A page of them', schema: pageOf(promptSummary) } },
    problems: [400],
  },
  getPrompt: {
    method: 'GET',
    path: '/api/prompts/:name',
    tag: 'Prompts',
    summary: 'Get a prompt',
    permission: 'workflows:read',
    params,
    query: z.strictObject({ version: z.coerce.number().pipe(version).optional().describe('Default the active one') }),
    answers: { 200: { description: 'The prompt', schema: promptSchema } },
    problems: [400, 404],
  },
  savePrompt: {
    method: 'PUT',
    path: '/api/prompts/:name',
    tag: 'Prompts',
    summary: 'Save a prompt',
    description: 'Makes a new version, which becomes active. Versions never change.',
    permission: 'workflows:write',
    params,
    body: promptBody,
    answers: { 200: { description: 'The new version', schema: promptSchema } },
    problems: [400, 422],
  },
  activatePrompt: {
    method: 'POST',
    path: '/api/prompts/:name/activate',
    tag: 'Prompts',
    summary: 'Make a version the active one',
    permission: 'workflows:write',
    params,
    body: z.strictObject({ version }),
    answers: { 200: { description: 'The version', schema: promptSchema } },
    problems: [400, 404],
  },
  deletePrompt: {
    method: 'DELETE',
    path: '/api/prompts/:name',
    tag: 'Prompts',
    summary: 'Delete a prompt with all its versions',
    description:
      'Agents that name it use their own text again, or fail. The numbers of its versions are not given again.',
    permission: 'workflows:write',
    params,
    answers: { 204: { description: 'It is gone' } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
