/** The models that can be asked, and their route; part of the table in routes.ts. */
import { z } from 'zod';
import { priceSchema } from '../core/price.ts';
import type { Route } from './route.ts';

const modelSchema = z
  .object({
    name: z.string().describe('What `model` of a node takes; `PROVIDER:*`: any model of the provider'),
    provider: z.string(),
    problem: z.string().nullable().describe('What keeps it from being asked, and what to do; null: nothing known'),
    price: priceSchema.nullable().describe('Per million tokens; null: nobody said'),
    window: z.int().nullable().describe('Tokens that input and output share; null: nobody said'),
    maxOutputTokens: z.int().describe('Tokens that one answer may have'),
    tries: z.array(z.string()).describe('Models asked in this order; empty: this one'),
    concurrency: z.int().nullable().describe('Calls at the same time of one process'),
    perMinute: z.int().nullable().describe('Calls a minute of one process'),
    timeoutMs: z.int().nullable().describe('Of one call'),
    retrievable: z.boolean().describe('An answer that a crash cut off can be fetched'),
  })
  .meta({ id: 'Model' });
export type ModelListItem = z.infer<typeof modelSchema>;

export const modelRoutes = {
  listModels: {
    method: 'GET',
    path: '/api/models',
    tag: 'Models',
    summary: 'List the models',
    description: 'Those of the settings, then one `PROVIDER:*` for each provider.',
    permission: 'workflows:read',
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(modelSchema) }) } },
    problems: [400],
  },
} as const satisfies Record<string, Route>;
