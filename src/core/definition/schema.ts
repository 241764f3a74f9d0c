/**
 * The shape of a definition: one format for files, API, UI and SDK. Unknown keys are faults, since a setting that
 * nobody reads is worse than an error. What a node's config must be is its type's own business.
 */

import { z } from 'zod';
import { durationSchema, parseDuration } from '../duration.ts';
import { flowSettings } from '../flow/settings.ts';
import { maskSchema } from '../masking/settings.ts';
import { PRIORITIES, type Priority } from '../plan/plan.ts';
import { retentionSchema } from '../retention.ts';
import { ID, WORKFLOW_NAME } from './names.ts';
import { retrySchema } from './retry-schema.ts';

/** Letters, digits, `_` and `-`, beginning with a letter or `_`; at most 64. */
const id = z
  .string()
  .regex(ID, 'takes letters, digits, _ and -, begins with a letter, at most 64')
  .refine((text) => !['__proto__', 'constructor', 'prototype'].includes(text), 'is a reserved name');

/** A time limit. */
const limit = durationSchema.refine((text) => parseDuration(text) > 0, 'takes more than 0s');

/** Of a workflow. An id fits it too. */
const name = z.string().regex(WORKFLOW_NAME, 'takes lower-case letters, digits and -, at most 100');

const position = z.strictObject({ x: z.number(), y: z.number() }).optional().describe('Where an editor draws it');

const nodeSchema = z.strictObject({
  id,
  type: z.string().min(1).max(64),
  description: z.string().max(2000).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
  join: z.union([z.enum(['all', 'any']), z.int().min(1)]).optional(),
  retry: retrySchema.optional(),
  timeout: limit.optional().describe('Time limit of one attempt'),
  deadline: limit.optional().describe('Time limit of all attempts and the waits between'),
  onError: z.enum(['fail', 'continue', 'branch']).optional(),
  compensate: id.optional().describe('Id of the node that undoes this one; it stands in the same graph, without edges'),
  position,
});

export const triggerSchema = z.looseObject({ id, type: z.string().min(1).max(64), position });

export const MAX_NODES = 10_000;

const edge = z.string().max(300);

export const graphSchema = z.strictObject({
  nodes: z.array(nodeSchema).min(1).max(MAX_NODES),
  edges: z.array(edge).max(50_000).optional(),
});

/** Longest that a call of a tool is kept waiting. */
const LONGEST_WAIT = '10m';

const exposeSchema = z.strictObject({
  mcp: z
    .union([
      z.literal(true, 'takes true, or an object of name, description and wait'),
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,64}$/, 'takes letters, digits, _ and -, at most 64')
          .refine((text) => !text.startsWith('myelin_'), 'is a reserved name; myelin_ begins the tools of the server')
          .optional()
          .describe('Of the tool; default the name of the workflow'),
        description: z.string().min(1).max(10_000).optional().describe('Of the tool; default that of the workflow'),
        wait: durationSchema
          .refine((text) => parseDuration(text) <= parseDuration(LONGEST_WAIT), `takes at most ${LONGEST_WAIT}`)
          .optional()
          .describe('How long a call waits for the end before it answers that the execution goes on; default 30s'),
      }),
    ])
    .optional()
    .describe('While it is active it is a tool at /mcp'),
});

const priorities = Object.keys(PRIORITIES) as [Priority, ...Priority[]];

export const definitionSchema = z.strictObject({
  name,
  description: z.string().max(10_000).optional(),
  settings: z
    .strictObject({
      timeout: limit.optional().describe('Time limit of a whole execution'),
      priority: z.enum(priorities).optional(),
      retry: retrySchema.optional().describe('For every node that has none of its own'),
      retention: retentionSchema.optional().describe('How long its executions are kept after their end'),
      ...flowSettings,
      budget: z
        .number()
        .min(0)
        .max(1_000_000)
        .optional()
        .describe('What an execution, with all it starts, may spend on models, in units of their currency'),
      mask: maskSchema.optional().describe('What looks like personal data is masked before it is recorded'),
      errorWorkflow: name.optional().describe('Workflow that is started when an execution fails'),
    })
    .optional(),
  expose: exposeSchema.optional().describe('Where it can be called besides its triggers'),
  triggers: z.array(triggerSchema).max(50).optional(),
  nodes: z.array(nodeSchema).min(1, 'a workflow needs at least one node').max(MAX_NODES),
  edges: z.array(edge).max(50_000).optional(),
});

/** The document as it is written and stored. */
export type Definition = z.infer<typeof definitionSchema>;
export type NodeDefinition = z.infer<typeof nodeSchema>;
export type TriggerDefinition = z.infer<typeof triggerSchema>;
export type GraphDefinition = z.infer<typeof graphSchema>;

/** What is its type's own business. */
export function triggerConfigOf(trigger: TriggerDefinition): Readonly<Record<string, unknown>> {
  const { id: _id, type: _type, position: _position, ...config } = trigger;
  return config;
}
