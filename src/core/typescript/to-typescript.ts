/**
 * Prints a definition as a TypeScript module that builds it. Evaluating the module gives the same document:
 * a property test holds this to it. Expressions stay `{{ }}` texts, since that is what they are.
 */
import { parseEdge } from '../definition/edge.ts';
import {
  type Definition,
  type GraphDefinition,
  graphSchema,
  type NodeDefinition,
  type TriggerDefinition,
} from '../definition/schema.ts';
import { MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { type Call, type Item, layOut, layOutCall, type Part } from './layout.ts';
import { quoteKey } from './quote.ts';

/** Longer chains of calls overflow the stack of compilers; such graphs become statements, or data. */
const LONGEST_CHAIN = 500;

/** A module whose default export is the definition. Throws `invalid_definition` for values that JSON cannot carry. */
export function toTypeScript(definition: Definition): string {
  const { name, triggers, nodes, edges } = definition;
  const options = optionsOf(definition);
  const head = call('workflow', [name, ...(Object.keys(options).length > 0 ? [options] : [])]);
  const calls = [...triggerCalls(triggers), ...graphCalls({ nodes, ...(edges && { edges }) })];
  const names = calls.some(hasGraph) ? 'graph, workflow' : 'workflow';
  const body = calls.length > LONGEST_CHAIN ? statements(head, calls) : chain(head, calls);
  return `import { ${names} } from 'myelin';\n\n${body}`;
}

function optionsOf({
  description,
  settings,
  expose,
}: Definition): Pick<Definition, 'description' | 'settings' | 'expose'> {
  return {
    ...(description !== undefined && { description }),
    ...(settings !== undefined && { settings }),
    ...(expose !== undefined && { expose }),
  };
}

function chain(head: Call, calls: readonly Call[]): string {
  const whole: Part = { kind: 'chain', head, calls: [...calls, { name: '.build', args: [] }] };
  return `export default ${layOut(whole, 0, 'export default '.length)};\n`;
}

function statements(head: Call, calls: readonly Call[]): string {
  const lines = calls.map((one) => layOutCall({ ...one, name: `definition${one.name}` }, 0, 0));
  const first = `const definition = ${layOutCall(head, 0, 'const definition = '.length)}`;
  return `${[first, ...lines, 'export default definition.build()'].join(';\n')};\n`;
}

function triggerCalls(triggers: readonly TriggerDefinition[] | undefined): Call[] {
  if (triggers?.length === 0) return [call('.triggers', [])];
  return (triggers ?? []).map(({ id, type, ...config }) => {
    const rest = Object.keys(config).length > 0 ? [config] : [];
    const isNamed = type === 'manual' || (rest.length > 0 && (type === 'webhook' || type === 'schedule'));
    return isNamed ? call(`.${type}`, [id, ...rest]) : call('.trigger', [id, type, ...rest]);
  });
}

function graphCalls({ nodes, edges }: GraphDefinition): Call[] {
  const none = edges?.length === 0 ? [call('.edges', [])] : [];
  return [...nodes.map(nodeCall), ...none, ...(edges ?? []).map(edgeCall)];
}

function nodeCall({ id, type, config, ...options }: NodeDefinition): Call {
  const args: Part[] = [part(id), part(type)];
  const hasOptions = Object.keys(options).length > 0;
  if (config !== undefined) args.push(configPart(config));
  else if (hasOptions) args.push({ kind: 'text', text: 'undefined' });
  return { name: '.node', args: hasOptions ? [...args, part(options)] : args };
}

function edgeCall(text: string): Call {
  const edge = parseEdge(text);
  const from = edge?.port === undefined ? edge?.from : `${edge.from}:${edge.port}`;
  // An edge that is written in another manner, or is none, stays as it is.
  return `${from} -> ${edge?.to}` === text ? call('.edge', [from, edge?.to]) : call('.edges', [text]);
}

/** The bodies of containers read better as graphs of their own. */
function configPart(config: Readonly<Record<string, unknown>>): Part {
  return object(config, (key, value) => {
    if (key === 'body') return graphPart(value);
    return key === 'branches' && isObject(value) ? object(value, (_name, branch) => graphPart(branch)) : part(value);
  });
}

/** As data where it is no graph, or one that would make too long a chain. */
function graphPart(value: unknown): Part {
  const checked = graphSchema.safeParse(value);
  if (!checked.success) return part(value);
  const calls = graphCalls(value as GraphDefinition);
  return calls.length > LONGEST_CHAIN ? part(value) : { kind: 'chain', head: call('graph', []), calls };
}

function hasGraph({ args }: Call): boolean {
  const isIn = (one: Part): boolean =>
    one.kind === 'chain' || (one.kind === 'list' && one.items.some((item) => isIn(item.value)));
  return args.some(isIn);
}

function call(name: string, args: readonly unknown[]): Call {
  return { name, args: args.map(part) };
}

function part(value: unknown): Part {
  if (typeof value === 'string') return { kind: 'string', value };
  if (value === null || typeof value === 'boolean') return { kind: 'text', text: String(value) };
  if (typeof value === 'number' && Number.isFinite(value)) {
    return { kind: 'text', text: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (Array.isArray(value)) return { kind: 'list', open: '[', items: value.map((item) => ({ value: part(item) })) };
  if (isObject(value)) return object(value, (_key, field) => part(field));
  throw new MyelinError('invalid_definition', `A definition holds JSON values only, not ${String(value)}.`);
}

function object(
  value: Readonly<Record<string, unknown>>,
  one: (key: string, field: unknown) => Part,
): Part & { kind: 'list' } {
  const items = Object.entries(value).map(([key, field]): Item => ({ key: quoteKey(key), value: one(key, field) }));
  return { kind: 'list', open: '{', items };
}
