/** What changed from one document to another: the workflow itself, its triggers, nodes and arrows, field by field. */
import { isObject } from '../../../../../src/core/json.ts';
import {
  arrowsOf,
  bodiesOf,
  type Definition,
  type GraphDefinition,
  type NodeDefinition,
  nodesOf,
  scopeOf,
} from '../../../graph/document.ts';

export interface FieldChange {
  /** Such as `config.prompt` or `retry.attempts`. */
  readonly path: string;
  /** Absent: there was nothing. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Change {
  readonly what: 'workflow' | 'trigger' | 'node' | 'arrow';
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** Place of the node, id of the trigger, `a → b` of an arrow; '' for the workflow. */
  readonly name: string;
  /** Of a node or trigger. */
  readonly type?: string;
  readonly fields: readonly FieldChange[];
}

export function diffDefinitions(before: Definition, after: Definition): Change[] {
  return [
    ...workflowChange(before, after),
    ...triggerChanges(before, after),
    ...nodeChanges(before, after),
    ...arrowChanges(before, after),
  ];
}

function workflowChange(before: Definition, after: Definition): Change[] {
  const own = ({ triggers: _t, nodes: _n, edges: _e, ...rest }: Definition) => rest;
  const fields = fieldsOf(own(before), own(after));
  return fields.length === 0 ? [] : [{ what: 'workflow', kind: 'changed', name: '', fields }];
}

function triggerChanges(before: Definition, after: Definition): Change[] {
  const map = ({ triggers = [] }: Definition) => new Map(triggers.map((one) => [one.id, one]));
  return compared(map(before), map(after), 'trigger', ({ type }) => type, fieldsOf);
}

function nodeChanges(before: Definition, after: Definition): Change[] {
  const map = (definition: Definition) => new Map(nodesOf(definition).map(({ place, node }) => [place, node]));
  const fields = (a: NodeDefinition, b: NodeDefinition) => fieldsOf(withoutBodies(a), withoutBodies(b));
  return compared(map(before), map(after), 'node', ({ type }) => type, fields);
}

function compared<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  what: Change['what'],
  typeOf: (one: T) => string,
  fieldsBetween: (a: T, b: T) => FieldChange[],
): Change[] {
  const gone = [...before].flatMap(([name, one]): Change[] =>
    after.has(name) ? [] : [{ what, kind: 'removed', name, type: typeOf(one), fields: [] }],
  );
  const here = [...after].flatMap(([name, one]): Change[] => {
    const old = before.get(name);
    if (old === undefined) return [{ what, kind: 'added', name, type: typeOf(one), fields: [] }];
    const fields = fieldsBetween(old, one);
    if (fields.length === 0) return [];
    const said = fields.filter(({ path }) => path !== 'position' && !path.startsWith('position.'));
    return [{ what, kind: said.length === 0 ? 'moved' : 'changed', name, type: typeOf(one), fields: said }];
  });
  return [...gone, ...here];
}

function arrowChanges(before: Definition, after: Definition): Change[] {
  const [old, now] = [arrowNames(before), arrowNames(after)];
  const only = (list: readonly string[], others: readonly string[], kind: 'added' | 'removed') =>
    list.filter((name) => !others.includes(name)).map((name): Change => ({ what: 'arrow', kind, name, fields: [] }));
  return [...only(old, now, 'removed'), ...only(now, old, 'added')];
}

/** Of all graphs of a document; those of bodies with their scope before them. */
function arrowNames(graph: GraphDefinition, scope = ''): string[] {
  const prefix = scope === '' ? '' : `${scope}/`;
  const own = arrowsOf(graph).map(
    ({ from, port, to }) => `${prefix}${from}${port === 'out' ? '' : `:${port}`} → ${to}`,
  );
  const inside = graph.nodes.flatMap((node) =>
    bodiesOf(node).flatMap((body) => arrowNames(body.graph, scopeOf(`${prefix}${node.id}`, body))),
  );
  return [...own, ...inside];
}

/** The nodes inside are compared by themselves. */
function withoutBodies(node: NodeDefinition): unknown {
  if (bodiesOf(node).length === 0) return node;
  const { body: _b, branches, ...config } = node.config ?? {};
  const names = typeof branches === 'object' && branches !== null ? { branches: Object.keys(branches) } : {};
  return { ...node, config: { ...config, ...names } };
}

/** Objects are compared key by key, lists of the same length item by item, all else as a whole. */
function fieldsOf(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => fieldsOf(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => fieldsOf(item, after[index], `${path}[${index}]`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}
