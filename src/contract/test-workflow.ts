/** A test of a document: it is run and not saved. */
import { z } from 'zod';
import { idParams } from './page.ts';
import type { Route } from './route.ts';

const parts = {
  input: z.unknown().optional().describe('`$trigger`; default {}'),
  pins: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Outputs by place of a node, such as fetch, each/fetch or both.left/fetch: it does not run, and ends so'),
  until: z.string().min(1).max(1000).optional().describe('Place of a node: only it and what it needs runs'),
};

const testBody = z.strictObject({
  definition: z.unknown().optional().describe('The document, as a save takes it; default the present version'),
  ...parts,
});
export type TestBody = z.input<typeof testBody>;

const draftBody = z.strictObject({ definition: z.unknown().describe('The document, as a save takes it'), ...parts });

const EFFECT =
  'What it does to the world is real. No flow control holds it, and no error workflow, trigger or dead letter ' +
  'hears of its end. Its document is a version below 0, and goes with the execution.';
const accepted = { description: 'The test is durable', schema: z.object({ executionId: z.string() }) };

export const testRoutes = {
  testWorkflow: {
    method: 'POST',
    path: '/api/workflows/:id/test',
    tag: 'Workflows',
    summary: 'Run a document without saving it',
    description: EFFECT,
    permission: 'workflows:execute',
    params: idParams,
    body: testBody,
    answers: { 202: accepted },
    problems: [400, 404, 413, 415, 422, 503],
  },
  testDraft: {
    method: 'POST',
    path: '/api/workflows/test',
    tag: 'Workflows',
    summary: 'Run a document that belongs to no workflow yet',
    description: `${EFFECT} The execution names a workflow that does not exist.`,
    permission: 'workflows:execute',
    body: draftBody,
    answers: { 202: accepted },
    problems: [400, 413, 415, 422, 503],
  },
} as const satisfies Record<string, Route>;
