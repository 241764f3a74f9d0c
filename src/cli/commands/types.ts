/** The node and trigger types of the server; of one type, all that its config takes. */
import { stringify } from 'yaml';
import { isObject } from '../../core/json.ts';
import { suggest } from '../../core/suggest.ts';
import type { NodeTypeInfo, TriggerTypeInfo } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean } from '../text.ts';

type TypeInfo = NodeTypeInfo | TriggerTypeInfo;

export const addTypes: AddCommand = (program, run) => {
  program
    .command('types')
    .description('List the node and trigger types; with a type, show what its config takes')
    .argument('[type]')
    .action(
      run(async (context, name: string | undefined) => {
        const client = context.client();
        const [nodes, triggers] = await Promise.all([client.nodeTypes.list(), client.triggerTypes.list()]);
        if (name === undefined) {
          if (context.json) context.give({ nodes, triggers });
          else context.say(...overview(nodes, triggers, context));
          return EXIT.ok;
        }
        const found = [...nodes, ...triggers].find((one) => one.type === name);
        if (found === undefined) {
          const near = suggest(
            name,
            [...nodes, ...triggers].map((one) => one.type),
          );
          throw new CommandError(
            'not_found',
            `There is no node or trigger type ${name}${near}; \`myelin types\` lists them.`,
            EXIT.refused,
          );
        }
        if (context.json) context.give(found);
        else context.say(...describe(found, context));
        return EXIT.ok;
      }),
    );
};

function overview(nodes: readonly NodeTypeInfo[], triggers: readonly TriggerTypeInfo[], context: Context): string[] {
  const { style, width } = context;
  const nodeRows = nodes.map((one) => [one.type, one.ports.join(', '), one.effect, one.description]);
  const triggerRows = triggers.map((one) => [one.type, one.description]);
  return [
    ...table(['NODE', 'PORTS', 'EFFECT', 'DESCRIPTION'], nodeRows, style, width),
    '',
    ...table(['TRIGGER', 'DESCRIPTION'], triggerRows, style, width),
  ];
}

/** One type with the fields of its config and an example. */
export function describe(type: TypeInfo, { style, width }: Pick<Context, 'style' | 'width'>): string[] {
  const isNode = 'ports' in type;
  const facts = isNode ? [`ports ${type.ports.join(', ') || 'none'}`, `effect ${type.effect}`] : ['trigger'];
  const rows = withInner(fieldsOf(type.configSchema)).map((field) => [
    { text: field.name, paint: style.bold },
    field.type,
    field.required ? 'yes' : '',
    field.description,
  ]);
  return [
    `${style.bold(type.type)} v${type.version}  ${style.dim(facts.join('; '))}`,
    clean(type.description),
    '',
    ...table(['FIELD', 'TYPE', 'NEEDED', 'DESCRIPTION'], rows, style, width),
    '',
    style.dim('Example:'),
    ...stringify(isNode ? { type: type.type, config: type.example } : { type: type.type, ...type.example })
      .trimEnd()
      .split('\n')
      .map((line) => `  ${clean(line)}`),
  ];
}

interface Field {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

/** Fields of a JSON Schema of an object; of several alternatives, those of all, each named once. */
function fieldsOf(schema: Readonly<Record<string, unknown>>): Field[] {
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [schema];
  const fields = new Map<string, Field>();
  for (const one of alternatives.filter(isObject)) {
    const required = Array.isArray(one.required) ? one.required : [];
    for (const [name, value] of Object.entries(isObject(one.properties) ? one.properties : {})) {
      if (fields.has(name)) continue;
      const field = isObject(value) ? value : {};
      const isNeeded = required.includes(name) && field.default === undefined && alternatives.length === 1;
      const description = String(field.description ?? '');
      fields.set(name, { name, schema: field, type: typeOf(field), required: isNeeded, description });
    }
  }
  return [...fields.values()];
}

/** Below an object, its own fields: `auth.type`. What holds nodes is a workflow in itself, and is not opened. */
function withInner(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => {
    const inner = fieldsOf(field.schema).map((one) => ({ ...one, name: `${field.name}.${one.name}` }));
    return inner.some(({ name }) => name.endsWith('.nodes')) ? [field] : [field, ...inner];
  });
}

function typeOf(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (alternatives !== undefined) return [...new Set(alternatives.filter(isObject).map(typeOf))].join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  return Array.isArray(schema.type) ? schema.type.join(' | ') : String(schema.type ?? 'any');
}
