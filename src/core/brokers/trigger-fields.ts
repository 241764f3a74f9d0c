/** What the triggers of all brokers have in common, in their configs. */
import { z } from 'zod';
import { templateFaults } from '../expression/index.ts';
import { DECODINGS } from './decode.ts';

/** Messages of one transaction, where a trigger says nothing of it. */
export const DEFAULT_BATCH = 500;

const key = z
  .string()
  .max(1_000)
  .superRefine((text, context) => {
    const [fault] = templateFaults(text, ['$trigger', '$json', '$now']);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.message });
    else if (!text.includes('{{')) context.addIssue({ code: 'custom', message: 'write an expression in {{ }}' });
  });

/** Unlike that of a node it is no template: a trigger listens before there is anything to make it of. */
export const triggerConnection = (type: string) =>
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'takes the name of a connection: lower-case letters, digits and -')
    .meta({ description: `Name of a connection of type ${type}`, 'x-connection': type });

export const brokerTriggerFields = {
  decode: z
    .enum(DECODINGS)
    .optional()
    .meta({ description: 'What the messages are: json (default), cloudevents, or raw for text and bytes' }),
  key: key.optional().meta({
    description:
      'Executions of one value of it go one at a time, in the order of the messages: an expression over $trigger, ' +
      'such as {{ $trigger.key }}. It takes the place of `settings.session`',
  }),
  batch: z
    .int()
    .min(1)
    .max(5_000)
    .optional()
    .meta({ description: `Messages of one transaction, at most; default ${DEFAULT_BATCH}` }),
};

export type BrokerTriggerConfig = z.output<z.ZodObject<typeof brokerTriggerFields>> & { readonly connection: string };

/** By it consumers share messages, where the trigger names no group: it stays over versions. */
export const defaultGroup = (workflow: string, trigger: string): string => `myelin-${workflow}-${trigger}`;

export const groupField = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,200}$/, 'takes letters, digits, point, _ and -, at most 200')
  .optional()
  .meta({ description: 'Consumers of one group share the messages; default myelin-WORKFLOW-TRIGGER' });
