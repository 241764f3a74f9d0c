/** Triggers are parts of a definition: changing one makes a new version of its workflow. */
import { z } from 'zod';
import { triggerSchema } from '../core/definition/schema.ts';
import { pageOf } from './page.ts';

export const triggerDocument = triggerSchema.meta({ id: 'TriggerDefinition' });

/** The trigger keeps its id, so the id may be left out. */
export const triggerChange = triggerSchema.partial({ id: true });

export const triggerAnswerSchema = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    workflowName: z.string(),
    name: z.string().describe('Its id in the definition'),
    type: z.string(),
    config: z.record(z.string(), z.unknown()),
    active: z.boolean().describe('The workflow is active'),
    url: z.string().nullable().describe('Path that a webhook listens at; null for other types'),
    nextAt: z.iso.datetime().nullable().describe('Next time of a schedule; null for other types, and where none comes'),
    lastAt: z.iso.datetime().nullable().describe('Last time of a schedule that started an execution'),
  })
  .meta({ id: 'Trigger' });
export type TriggerAnswer = z.infer<typeof triggerAnswerSchema>;

export const triggerPage = pageOf(triggerAnswerSchema);
