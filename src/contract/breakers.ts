/** Circuit breakers: what of the world around is left alone for a while, and its routes; part of the table in routes.ts. */
import { z } from 'zod';
import { time } from './page.ts';
import type { Route } from './route.ts';

const breakerSchema = z
  .object({
    name: z.string().describe('What tasks depend on: `api.example.com:443`, `model:NAME`'),
    state: z.enum(['closed', 'open', 'half_open']).describe('half_open: a probe finds out whether it is well again'),
    calls: z.int().describe('Since the first failure of the present window'),
    failures: z.int().describe('Among these calls'),
    openUntil: time.nullable().describe('When a probe may go; null unless it is open'),
  })
  .meta({ id: 'CircuitBreaker' });
export type BreakerAnswer = z.infer<typeof breakerSchema>;

export const breakerRoutes = {
  listCircuitBreakers: {
    method: 'GET',
    path: '/api/circuit-breakers',
    tag: 'Circuit breakers',
    summary: 'List the circuits of what tasks depend on',
    description: 'By name; only those that have failed within a day, or are not closed. At most 1000.',
    permission: 'executions:read',
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(breakerSchema) }) } },
    problems: [400],
  },
  resetCircuitBreaker: {
    method: 'POST',
    path: '/api/circuit-breakers/:name/reset',
    tag: 'Circuit breakers',
    summary: 'Close a circuit',
    description: 'Calls go through again; every worker knows within a second or so.',
    permission: 'executions:write',
    params: z.strictObject({ name: z.string().min(1).max(200) }),
    answers: { 200: { description: 'The circuit as it is now', schema: breakerSchema } },
    problems: [404],
  },
} as const satisfies Record<string, Route>;
