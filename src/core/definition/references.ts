/** What a document names that lies outside of it: models, secrets, connections, other workflows. */
import { isObject } from '../json.ts';
import type { Definition } from './schema.ts';

export interface Reference {
  readonly kind: 'model' | 'secret' | 'connection' | 'workflow';
  readonly name: string;
  /** Where it is named, such as nodes[2].config.model. */
  readonly path: string;
}

/** Of a valid document, in its order. A name that an expression makes is not known before it runs, and is left out. */
export function references(definition: Definition): Reference[] {
  const found: Reference[] = [];
  const { settings, triggers = [] } = definition;
  note(found, 'workflow', settings?.errorWorkflow, 'settings.errorWorkflow');
  for (const [index, trigger] of triggers.entries()) {
    note(found, 'connection', trigger.connection, `triggers[${index}].connection`);
    for (const source of ['http', 'sql']) {
      const place = trigger[source];
      if (isObject(place)) note(found, 'connection', place.connection, `triggers[${index}].${source}.connection`);
    }
    if (trigger.type === 'workflow') note(found, 'workflow', trigger.workflow, `triggers[${index}].workflow`);
  }
  walk(found, definition, '');
  return found;
}

/** Types of all nodes, those in bodies included, without repetition. */
export function nodeTypesOf(definition: Definition): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (!isObject(value)) return;
    if (Array.isArray(value.nodes)) {
      for (const node of value.nodes) if (isObject(node) && typeof node.type === 'string') found.add(node.type);
    }
    for (const inside of Object.values(value)) look(inside);
  };
  look(definition);
  return [...found];
}

/** Node types whose config names a model. */
const ASKING: ReadonlySet<unknown> = new Set(['agent', 'classify', 'extract', 'model']);

function walk(found: Reference[], value: unknown, path: string): void {
  if (typeof value === 'string') return noteSecrets(found, value, path);
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) walk(found, one, `${path}[${index}]`);
  }
  if (!isObject(value)) return;
  // A node, or a tool of an agent that is one.
  if (isObject(value.config)) noteNode(found, value.type, value.config, `${path}.config`);
  for (const [key, inside] of Object.entries(value)) walk(found, inside, path === '' ? key : `${path}.${key}`);
}

function noteNode(found: Reference[], type: unknown, config: Readonly<Record<string, unknown>>, path: string): void {
  note(found, 'connection', config.connection, `${path}.connection`);
  if (type === 'workflow') note(found, 'workflow', config.workflow, `${path}.workflow`);
  if (!ASKING.has(type)) return;
  const { model, limits, tools } = config;
  if (Array.isArray(model))
    for (const [index, one] of model.entries()) note(found, 'model', one, `${path}.model[${index}]`);
  else note(found, 'model', model, `${path}.model`);
  const onBudget = isObject(limits) && isObject(limits.onBudget) ? limits.onBudget : {};
  note(found, 'model', onBudget.fallback, `${path}.limits.onBudget.fallback`);
  for (const [index, tool] of (Array.isArray(tools) ? tools : []).entries()) {
    if (isObject(tool)) note(found, 'workflow', tool.workflow, `${path}.tools[${index}].workflow`);
  }
}

function note(found: Reference[], kind: Reference['kind'], name: unknown, path: string): void {
  if (typeof name === 'string' && !name.includes('{{')) found.push({ kind, name, path });
}

const SECRET = /\$secrets(?:\.(\w+)|\[\s*(['"])(.+?)\2\s*\])/g;

function noteSecrets(found: Reference[], text: string, path: string): void {
  if (!text.includes('{{')) return;
  for (const [, named, , quoted] of text.matchAll(SECRET))
    found.push({ kind: 'secret', name: (named ?? quoted)!, path });
}
