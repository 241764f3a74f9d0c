/** Triggers are parts of a definition: changing one makes a new version of its workflow. */
import { z } from 'zod';
import { triggerSchema } from '../core/definition/schema.ts';
import type { TriggerStatus } from '../core/trigger-state.ts';
import { pageOf } from './page.ts';

export const triggerDocument = triggerSchema.meta({ id: 'TriggerDefinition' });

/** The trigger keeps its id, so the id may be left out. */
export const triggerChange = triggerSchema.partial({ id: true });

const stateSchema = z
  .object({
    status: z
      .enum(['starting', 'running', 'error'] satisfies TriggerStatus[])
      .describe('The worst of all processes that have it'),
    error: z.object({ code: z.string(), message: z.string() }).nullable().describe('What is wrong, in words'),
    since: z.iso.datetime().describe('When the status began'),
    lastMessageAt: z.iso.datetime().nullable().describe('When the last message, or item of a poll, was taken'),
    messages: z.int().describe('Taken since these processes began with it'),
    lag: z.int().nullable().describe('Messages that wait outside, where that is known'),
    processes: z.int().describe('Processes that have it'),
  })
  .meta({ id: 'TriggerState' });
export type TriggerStateAnswer = z.infer<typeof stateSchema>;

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
    nextAt: z.iso
      .datetime()
      .nullable()
      .describe(
        'Next time of a schedule, or when a poll is due; over where it is at it. Null for other types, and where none comes',
      ),
    lastAt: z.iso
      .datetime()
      .nullable()
      .describe('Last time of a schedule that started an execution, or at which a poll looked'),
    state: stateSchema
      .nullable()
      .describe('Of one that listens by itself, such as kafka; null where no process has it'),
  })
  .meta({ id: 'Trigger' });
export type TriggerAnswer = z.infer<typeof triggerAnswerSchema>;

export const triggerPage = pageOf(triggerAnswerSchema);
