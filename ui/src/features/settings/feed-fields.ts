/** What the form of a feed asks for: where the publish node of a connection's type sends to. Nothing here draws. */
import type { JsonSchema } from '../../components/schema/shape.ts';

/** What the feed fills in itself. */
const ITS_OWN = ['connection', 'key', 'headers', 'value'];

/** By the type of connections. */
export function targetSchemas(
  nodeTypes: readonly { readonly type: string; readonly configSchema: JsonSchema }[],
): ReadonlyMap<string, JsonSchema> {
  const publishers = nodeTypes.filter(({ type }) => type.endsWith('.publish'));
  return new Map(
    publishers.map(({ type, configSchema }) => [type.slice(0, -'.publish'.length), targetOf(configSchema)]),
  );
}

function targetOf({ properties = {}, required = [] }: JsonSchema): JsonSchema {
  const fields = Object.entries(properties).filter(([name]) => !ITS_OWN.includes(name));
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, schema]) => [name, withoutTemplate(schema)])),
    required: required.filter((name) => !ITS_OWN.includes(name)),
  };
}

/** There is nothing that an expression could read. */
function withoutTemplate({ anyOf, ...schema }: JsonSchema): JsonSchema {
  if (anyOf === undefined) return schema;
  const plain = anyOf.filter(({ description }) => description !== 'An expression in {{ }}');
  return plain.length === 1 ? { ...plain[0], ...schema } : { ...schema, anyOf: plain };
}
