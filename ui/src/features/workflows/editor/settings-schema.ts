/** The schemas of `settings` and `expose`, out of the OpenAPI document. */
import type { JsonSchema } from '../../../components/schema-form.tsx';

export interface SettingsSchemas {
  readonly settings: JsonSchema;
  readonly expose: JsonSchema;
}

type Schema = JsonSchema & { readonly $ref?: string };

/** Undefined where the document has no schema of a definition. */
export function definitionSchemaIn(openapi: Readonly<Record<string, unknown>>): SettingsSchemas | undefined {
  const { schemas = {} } = (openapi.components ?? {}) as { readonly schemas?: Readonly<Record<string, Schema>> };
  const whole = schemas.Definition ?? schemas.DefinitionInput;
  const { settings, expose } = whole?.properties ?? {};
  if (settings === undefined || expose === undefined) return undefined;
  return { settings: resolve(settings, schemas), expose: resolve(expose, schemas) };
}

const DEPTH = 12;

function resolve(schema: Schema, schemas: Readonly<Record<string, Schema>>, depth = 0): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const found = name === undefined ? undefined : schemas[name];
  if (found !== undefined && depth < DEPTH) return resolve(found, schemas, depth + 1);
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties).map(([key, one]) => [key, resolve(one, schemas, depth + 1)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}
