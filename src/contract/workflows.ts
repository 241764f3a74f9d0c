/** Workflows: the document itself goes in, and comes out with its id, version and status. */
import { z } from 'zod';
import { definitionSchema } from '../core/definition/schema.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import { pageOf, pageQuery, time } from './page.ts';
import { faultSchema } from './problem.ts';

export const documentSchema = definitionSchema.meta({ id: 'Definition' });

const workflowStatus = z.enum(['draft', 'active', 'paused']);

const identity = {
  id: z.string(),
  name: z.string(),
  version: z.int().min(1),
  status: workflowStatus,
};
const dates = { createdAt: time, updatedAt: time };

export const workflowSchema = z.object({ ...identity, definition: documentSchema, ...dates }).meta({ id: 'Workflow' });
export type WorkflowAnswer = z.infer<typeof workflowSchema>;

/** What a list shows: the definition is read one at a time. */
const workflowSummarySchema = z
  .object({
    ...identity,
    description: z.string().nullable(),
    nodes: z.int().describe('Nodes outside of containers'),
    triggers: z.array(z.string()).describe('Types of its triggers'),
    tool: z.string().nullable().describe('Name of the tool that it is at /mcp while it is active; null: none'),
    ...dates,
  })
  .meta({ id: 'WorkflowSummary' });
export type WorkflowSummary = z.infer<typeof workflowSummarySchema>;

export const workflowPage = pageOf(workflowSummarySchema);
export const workflowsQuery = pageQuery.extend({ status: workflowStatus.optional() });

export const saveQuery = z.strictObject({
  activate: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: activate it at once; a new workflow is a draft otherwise'),
});

/** `If-Match`: the version that the change was made from. */
export const saveHeaders = z.looseObject({
  'if-match': z
    .string()
    .regex(/^(?:W\/)?"?\d{1,9}"?$|^\*$/, 'write the version, such as "3"')
    .optional()
    .describe('Refuse with version_conflict unless this is the present version'),
});

export const validationSchema = z
  .object({
    valid: z.boolean(),
    errors: z.array(faultSchema),
    warnings: z
      .array(faultSchema)
      .default([])
      .describe('Models and workflows that it names and that do not exist now; it can be saved all the same'),
  })
  .meta({ id: 'Validation' });
export type Validation = z.infer<typeof validationSchema>;

/** Executions that one request may start. */
const MAX_BULK = 10_000;

export const executeBody = z
  .strictObject({
    input: z.unknown().optional().describe('`$trigger` of one execution; default {}'),
    inputs: z.array(z.unknown()).min(1).max(MAX_BULK).optional().describe('One execution each, all in one transaction'),
  })
  .refine((body) => body.input === undefined || body.inputs === undefined, 'send either input or inputs');
export type ExecuteBody = z.infer<typeof executeBody>;

const LONGEST_KEPT = parseDuration('365d');

export const executeHeaders = z.looseObject({
  'idempotency-key': z.string().min(1).max(255).optional().describe('The same key within 24 h starts nothing again'),
  'idempotency-ttl': durationSchema
    .refine((text) => parseDuration(text) >= 1_000 && parseDuration(text) <= LONGEST_KEPT, 'takes from 1s to 365d')
    .optional()
    .describe('How long the key is remembered instead, such as 7d'),
});

export const executedSchema = z.union([
  z.object({ executionId: z.string() }),
  z.object({ executionIds: z.array(z.string()) }),
]);

export const holdBody = z.strictObject({
  executions: z.boolean().optional().describe('Its executions are paused too, or go on; default false'),
});
