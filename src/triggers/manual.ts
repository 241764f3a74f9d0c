/** Starts an execution by hand: from the UI, the CLI or `POST /api/workflows/:id/execute`. */
import { z } from 'zod';
import { jsonSchemaFaults } from '../core/json-schema/check.ts';
import type { TriggerType } from '../core/trigger-type.ts';

const configSchema = z.strictObject({
  input: z
    .record(z.string(), z.json())
    .superRefine((schema, context) => {
      for (const { path, message } of jsonSchemaFaults(schema)) {
        context.addIssue({ code: 'custom', message: path === '' ? message : `${path}: ${message}` });
      }
    })
    .optional()
    .meta({ description: 'JSON Schema that the input of a start must fit; without it any input is taken' }),
});

type ManualConfig = z.output<typeof configSchema>;

export const manual: TriggerType<ManualConfig> = {
  type: 'manual',
  version: 1,
  description: 'Starts when a person or a program asks for it, with an input.',
  example: { input: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } },
  config: configSchema,
};
