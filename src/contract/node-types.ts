/** What a workflow can be made of. The config of each type is a JSON Schema, from which forms are made. */
import { z } from 'zod';
import { EFFECTS } from '../core/effect.ts';

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12)');

const nodeTypeSchema = z
  .object({
    type: z.string(),
    version: z.int(),
    description: z.string(),
    kind: z.enum(['step', 'task', 'container']).describe('Decided in memory; acts on the world; runs bodies'),
    ports: z.array(z.string()).describe('Of the example; some types take them from their config'),
    effect: z.enum(EFFECTS).describe('Of the example'),
    configSchema: jsonSchema,
    example: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'NodeType' });
export type NodeTypeAnswer = z.infer<typeof nodeTypeSchema>;

const triggerTypeSchema = z
  .object({
    type: z.string(),
    version: z.int(),
    description: z.string(),
    configSchema: jsonSchema,
    example: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TriggerType' });
export type TriggerTypeAnswer = z.infer<typeof triggerTypeSchema>;

/** Of the document itself. What the config of a node or trigger takes is told by its type. */
export const documentJsonSchema = jsonSchema;

export const nodeTypeList = z.object({ items: z.array(nodeTypeSchema) });
export const triggerTypeList = z.object({ items: z.array(triggerTypeSchema) });
