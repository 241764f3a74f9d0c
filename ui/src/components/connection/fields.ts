/** Which fields of a connection a form asks for, and what it sends of them. Nothing here draws. */
import type { JsonSchema } from '../schema/shape.ts';

export type Config = Readonly<Record<string, unknown>>;

/** `Of \`basic\``: a field that only one choice of `auth` needs. */
const OF = /^Of `(\w+)`/;

/** Without the fields that belong to another choice of `auth` than the one of the config. */
export function askedFields(schema: JsonSchema, config: Config): JsonSchema {
  const all = Object.entries(schema.properties ?? {});
  const chosen = config.auth ?? schema.properties?.auth?.default;
  const asked = all.filter(([, { description = '' }]) => {
    const [, of] = OF.exec(description) ?? [];
    return of === undefined || of === chosen;
  });
  return { ...schema, properties: Object.fromEntries(asked) };
}

/** What a new one begins with. */
export const defaultsOf = ({ properties = {} }: JsonSchema): Config =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, one]) => (one.default === undefined ? [] : [[name, one.default]])),
  );

/** Only what is asked for: what was typed for another choice stays here. Null takes a secret away. */
export function sentFields(schema: JsonSchema, config: Config, secrets: readonly string[] = []): Config {
  const asked = askedFields(schema, config).properties ?? {};
  const given = Object.entries(config).filter(([name, value]) => Object.hasOwn(asked, name) && value !== undefined);
  const gone = secrets.filter((name) => !Object.hasOwn(asked, name)).map((name) => [name, null] as const);
  return Object.fromEntries([...gone, ...given]);
}

/** What may be kept in the browser, and what never is. A field that the schema does not know is taken for a secret. */
export function partedBySecrecy({ properties = {} }: JsonSchema, config: Config) {
  const isOpen = ([name]: [string, unknown]) => properties[name] !== undefined && !properties[name].writeOnly;
  const fields = Object.entries(config);
  return {
    open: Object.fromEntries(fields.filter(isOpen)),
    hidden: Object.fromEntries(fields.filter((field) => !isOpen(field))),
  };
}
