/** Starts an execution for each message (CloudEvent) whose type fits: `emit` nodes and `POST /api/events` send them. */
import { z } from 'zod';
import { MESSAGE_WORD } from '../core/cloud-event.ts';
import { MESSAGE_PATTERN } from '../core/message-pattern.ts';
import type { TriggerType } from '../core/trigger-type.ts';

/** The type of the messages is `event`, since `type` is that of the trigger. */
export const eventConfig = z.strictObject({
  event: z
    .string()
    .max(200)
    .regex(MESSAGE_PATTERN, 'takes a type such as order.created, or a pattern such as order.*')
    .meta({ description: 'Type of the messages; * stands for one word, at the end for one or more' }),
  filter: z
    .string()
    .regex(/^\s*\{\{[\s\S]*\}\}\s*$/, 'write an expression in {{ }}')
    .refine((text) => !text.includes('$secrets'), 'a filter cannot read secrets')
    .optional()
    .meta({ description: 'Expression over $trigger, the message; only where it is true an execution starts' }),
  topic: z
    .string()
    .regex(MESSAGE_WORD)
    .optional()
    .meta({ description: 'Only messages of this topic; default all, those without a topic too' }),
  group: z
    .string()
    .regex(MESSAGE_WORD)
    .optional()
    .meta({ description: 'Of the triggers of a group that a message fits, one is started; a key stays with one' }),
  missed: z.enum(['all', 'skip']).optional().meta({
    description: 'What came while no workflow of its group was active: start all of it later, the default, or none',
  }),
  from: z
    .union([z.enum(['earliest', 'latest']), z.iso.datetime({ offset: true })], 'takes earliest, latest or a time')
    .optional()
    .meta({
      description: 'Where in the log a group begins that was never active: earliest, latest (the default), or a time',
    }),
});

export type EventConfig = z.output<typeof eventConfig>;

export const event: TriggerType<EventConfig> = {
  type: 'event',
  version: 1,
  description: 'Starts when a message of its type comes.',
  example: { event: 'order.*', filter: '{{ $trigger.data.total > 100 }}', topic: 'orders', group: 'billing' },
  config: eventConfig,
  first: ['event', 'filter', 'topic'],
};
