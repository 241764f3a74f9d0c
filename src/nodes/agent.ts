/** Asks a language model once. With an output schema the answer is an object that was checked against it. */
import { z } from 'zod';
import type { Message } from '../core/conversation.ts';
import { type Fault, MyelinError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { jsonSchemaFaults } from '../core/json-schema/check.ts';
import { fitFaults } from '../core/json-schema/fit.ts';
import type { TaskNode } from '../core/node-type.ts';
import type { Models } from '../ports/model.ts';

/** Places as an array, so that a fault of the schema is told at its own place in the definition. */
const outputSchema = z.record(z.string(), z.json()).superRefine((schema, context) => {
  for (const { path, message } of jsonSchemaFaults(schema)) {
    context.addIssue({ code: 'custom', message, path: path === '' ? [] : [path] });
  }
});

export const agentConfig = z.strictObject({
  model: z.string().min(1).max(200).describe('provider:model, such as scripted:triage'),
  system: z.string().max(100_000).optional().describe('Who the model is and what it should heed'),
  prompt: z.string().min(1).max(1_000_000).describe('What is asked'),
  output: z
    .strictObject({ schema: outputSchema })
    .optional()
    .describe('JSON Schema of the output; without it the output is { text }'),
});
export type AgentConfig = z.infer<typeof agentConfig>;

export function agentNode(models: Models): TaskNode<AgentConfig> {
  return {
    type: 'agent',
    version: 1,
    description: 'Asks a language model; the output is its text, or an object that fits a JSON Schema.',
    example: {
      model: 'scripted:triage',
      system: 'You sort incidents.',
      prompt: 'service: {{ $trigger.body.service }}\n{{ $trigger.body.log }}',
      output: {
        schema: {
          type: 'object',
          properties: { severity: { enum: ['critical', 'warning', 'info'] }, summary: { type: 'string' } },
          required: ['severity', 'summary'],
        },
      },
    },
    config: agentConfig,
    raw: ['output'],
    ports: () => ['out'],
    effect: () => 'read',
    dependency: ({ model }) => `model:${model}`,
    async run({ model, system, prompt, output }, task) {
      const { projectId, idempotencyKey, signal } = task;
      const messages: readonly Message[] = [{ role: 'user', content: prompt }];
      const asked = { projectId, model, messages, idempotencyKey, signal, ...(system !== undefined && { system }) };
      if (output === undefined) {
        const { text } = await models.generate(asked);
        return { output: { text } };
      }
      const { object } = await models.generate({ ...asked, schema: output.schema });
      return { output: checked(model, output.schema, object) };
    },
  };
}

/** The answer itself stays out of the error, since it may hold what the prompt held. */
function checked(model: string, schema: Json, object: Json | undefined): Json {
  if (object === undefined) {
    throw new MyelinError('output_invalid', `${model} did not answer with JSON, as the output schema wants.`);
  }
  const faults = fitFaults(schema, object);
  if (faults.length === 0) return object;
  const words = faults.slice(0, 3).map(inWords).join('; ');
  const more = faults.length > 3 ? `; and ${faults.length - 3} more` : '';
  throw new MyelinError('output_invalid', `The answer of ${model} does not fit the output schema: ${words}${more}.`, {
    faults,
  });
}

const inWords = ({ path, message }: Fault) => (path === '' ? message : `${path} ${message}`);
