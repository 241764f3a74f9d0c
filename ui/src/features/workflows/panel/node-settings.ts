/** How a node is run, as fields: by the schema that the server publishes, without what its type does not use. */
import type { NodeTypeAnswer } from '../../../../../src/contract/node-types.ts';
import type { JsonSchema } from '../../../components/schema-form.tsx';

/** What the schema leaves unsaid. */
const HINTS: Readonly<Record<string, string>> = {
  onError:
    'fail ends the execution (default), continue goes on with the error as the output, branch leaves by the port error',
  join: 'Where several edges come in: wait for all (default), for any, or for a number of them',
  retry: 'What happens after an attempt that failed',
  description: 'For people who read this workflow',
};

/** In this order. */
const FIELDS = ['description', 'retry', 'timeout', 'deadline', 'onError', 'join', 'compensate'];
const ATTEMPTS: ReadonlySet<string> = new Set(['retry', 'timeout', 'deadline']);
/** Containers that pass their retry and timeout on to the calls inside. */
const DIRECTED: ReadonlySet<string> = new Set(['agent', 'classify', 'extract']);

/** What every node has, in the schema of a document. */
export const nodeSchemaIn = (document: JsonSchema): JsonSchema | undefined => document.properties?.nodes?.items;

export function settingsOf(
  schema: JsonSchema,
  type: Pick<NodeTypeAnswer, 'type' | 'kind'> | undefined,
  compensations: readonly string[],
): JsonSchema {
  const takes = (name: string) => {
    if (name === 'compensate') return compensations.length > 0;
    if (!ATTEMPTS.has(name) || type === undefined || type.kind === 'task') return true;
    return DIRECTED.has(type.type) && name !== 'deadline';
  };
  const fields = FIELDS.filter(takes).flatMap((name) => {
    const found = schema.properties?.[name];
    if (found === undefined) return [];
    const hint = HINTS[name];
    const one = name === 'compensate' ? { ...found, enum: compensations } : found;
    return [[name, { ...one, ...(hint !== undefined && { description: hint }) }] as const];
  });
  return { type: 'object', properties: Object.fromEntries(fields), required: [] };
}
