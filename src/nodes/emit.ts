import { z } from 'zod';
import { LARGEST_MESSAGE, MESSAGE_TYPE, MESSAGE_WORD } from '../core/cloud-event.ts';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import { MOST_VERSIONS, schemaAddress } from '../core/event-schema/event-schema.ts';
import { refusal } from '../core/event-schema/read-message.ts';
import type { StepNode } from '../core/node-type.ts';
import type { Schemas } from '../ports/event-schemas.ts';

export const emitConfig = z.strictObject({
  type: dynamic(z.string().regex(MESSAGE_TYPE, 'takes letters, digits, _, -, :, / and points, at most 200')).describe(
    'Type of the message, such as order.created',
  ),
  data: z.unknown().optional().describe('Default the input of this node'),
  key: dynamic(z.union([z.string().regex(MESSAGE_WORD), z.number()]))
    .optional()
    .describe('Messages of one key are delivered in order'),
  topic: z.string().regex(MESSAGE_WORD).optional().describe('Default none: every event trigger of the type hears it'),
  schema: z
    .int()
    .min(1)
    .max(MOST_VERSIONS)
    .optional()
    .describe('Version of the schema of the type; default the newest'),
});
export type EmitConfig = z.infer<typeof emitConfig>;

export const emitNode = (schemas: Schemas): StepNode<EmitConfig> => ({
  type: 'emit',
  version: 1,
  description: 'Publishes a message (CloudEvent) that event triggers listen for; it leaves with the commit.',
  example: { type: 'order.created', data: { id: '{{ $json.id }}' }, key: '{{ $json.id }}' },
  config: emitConfig,
  first: ['type', 'data', 'key'],
  ports: () => ['out'],
  effect: () => 'idempotent',
  step: (config, { json, projectId }) => {
    const data = ('data' in config ? config.data : json) ?? null;
    const size = JSON.stringify(data).length;
    if (size > LARGEST_MESSAGE) {
      throw new MyelinError('limit_exceeded', `data: ${size} characters of JSON, at most ${LARGEST_MESSAGE} go out`);
    }
    const type = typeOf(config.type);
    const named = config.schema === undefined ? {} : { dataschema: schemaAddress(type, config.schema) };
    const checked = schemas.check(projectId, { type, data, ...named });
    if (checked?.refused) throw refusal(checked.version, checked.faults);
    return {
      do: 'emit',
      message: {
        type,
        data,
        ...optional('key', config.key),
        ...optional('topic', config.topic),
        ...(checked !== undefined && { dataschema: checked.dataschema }),
      },
    };
  },
});

function typeOf(value: unknown): string {
  if (typeof value === 'string' && MESSAGE_TYPE.test(value)) return value;
  throw new MyelinError('config_invalid', `type: takes a text such as order.created, not ${JSON.stringify(value)}`);
}

/** A field of text, which may have come out of a template as a number, or as nothing. */
function optional<T extends string>(name: T, value: unknown): { [K in T]?: string } {
  if (value === undefined || value === null || value === '') return {};
  const isPlain = typeof value === 'string' || typeof value === 'number';
  if (isPlain && MESSAGE_WORD.test(String(value))) return { [name]: String(value) } as { [K in T]?: string };
  throw new MyelinError('config_invalid', `${name}: takes a text of at most 200 characters on one line`);
}
