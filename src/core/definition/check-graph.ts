/** The faults of one graph, and of the bodies inside it: ids, types, configs, expressions, edges, cycles. */
import type { Fault } from '../errors.ts';
import { compileTemplate, templateFaults } from '../expression/index.ts';
import { directorOf, isContainer, isTask, type NodeType, type NodeTypes, rawFieldsOf } from '../node-type.ts';
import { suggest } from '../suggest.ts';
import { checkCompensations, compensationsOf } from './check-compensations.ts';
import { checkEdges, type Link } from './check-edges.ts';
import { issueFaults } from './issue-faults.ts';
import { type GraphDefinition, graphSchema, type NodeDefinition } from './schema.ts';

export interface Around {
  readonly types: NodeTypes;
  /** Path of the graph in the document, '' or ending in '.'. */
  readonly place: string;
  /** Ids that `$node` may name because they lie outside this body. */
  readonly outer: readonly string[];
  readonly depth: number;
}

const MAX_DEPTH = 20;
const OUTSIDE = ['$json', '$node', '$trigger', '$execution', '$workflow', '$vars', '$now'];
const INSIDE = [...OUTSIDE, '$item', '$index', '$results'];

/** Adds the faults of the graph to the list and returns how many nodes it has, bodies included. */
export function checkGraph(graph: GraphDefinition, around: Around, faults: Fault[]): number {
  const fault = (path: string, message: string) => faults.push({ path: around.place + path, message });
  if (around.depth > MAX_DEPTH) {
    fault('nodes', `bodies are nested more than ${MAX_DEPTH} deep`);
    return 0;
  }
  let count = graph.nodes.length;
  const types = new Map<string, NodeType>();
  const seen = new Set<string>();
  for (const [index, node] of graph.nodes.entries()) {
    if (seen.has(node.id)) fault(`nodes[${index}].id`, `duplicate id ${node.id}; rename one of the nodes`);
    seen.add(node.id);
    const type = around.types.get(node.type);
    if (type === undefined) {
      fault(`nodes[${index}].type`, `unknown node type ${node.type}${suggest(node.type, around.types.keys())}`);
    } else {
      types.set(node.id, type);
    }
  }
  const links = checkEdges(graph, types, fault);
  checkCompensations(graph, fault);
  const compensations = compensationsOf(graph);
  for (const [index, node] of graph.nodes.entries()) {
    const type = types.get(node.id);
    if (type === undefined) continue;
    for (const setting of ['retry', 'timeout', 'deadline'] as const) {
      const isInherited = directorOf(type) !== undefined && setting !== 'deadline';
      if (node[setting] === undefined || isTask(type) || isInherited) continue;
      fault(`nodes[${index}].${setting}`, `a ${node.type} node makes no attempts; set it on the nodes that act`);
    }
    const place = `${around.place}nodes[${index}].config`;
    count += checkNode(node, type, { ...around, place, outer: [...around.outer, ...seen] }, faults);
    // What undoes a node runs at the end: it may read whatever has run by then.
    const outer = compensations.has(node.id) ? [...around.outer, ...seen] : around.outer;
    checkReferences(node, type, links, { ...around, place, outer }, faults);
  }
  return count;
}

function checkNode(node: NodeDefinition, type: NodeType, around: Around, faults: Fault[]): number {
  const checked = type.config.safeParse(node.config ?? {});
  if (!checked.success) {
    faults.push(...checked.error.issues.flatMap((issue) => issueFaults(issue, around.place)));
    return 0;
  }
  if (!isContainer(type)) return 0;
  let count = 0;
  for (const [key, body] of Object.entries(type.bodies(checked.data))) {
    const inside = type.place?.(checked.data, key) ?? (key === 'body' ? 'body' : `branches.${key}`);
    const place = `${around.place}.${inside}`;
    const shape = graphSchema.safeParse(body);
    const found: Fault[] = [];
    if (shape.success) {
      count += checkGraph(shape.data, { ...around, place: `${place}.`, depth: around.depth + 1 }, found);
    } else {
      found.push(...shape.error.issues.flatMap((issue) => issueFaults(issue, place)));
    }
    if (type.place === undefined) faults.push(...found);
    else addOnce(faults, found, place);
  }
  return count;
}

/** A graph that the type makes of its config: what is wrong is told where it was written, and once for all graphs. */
function addOnce(faults: Fault[], found: readonly Fault[], place: string): void {
  for (const { path, message } of found) {
    const written = place + path.slice(place.length).replace(/^\.nodes\[\d+\]/, '');
    if (!faults.some((one) => one.path === written && one.message === message)) faults.push({ path: written, message });
  }
}

/** Expressions of a config: syntax, variables, and that `$node.X` names a node that has run by then. */
function checkReferences(
  node: NodeDefinition,
  type: NodeType,
  links: ReadonlyMap<string, Link>,
  around: Around,
  faults: Fault[],
): void {
  const raw = new Set(rawFieldsOf(type));
  const config = Object.fromEntries(Object.entries(node.config ?? {}).filter(([key]) => !raw.has(key)));
  const variables = around.depth > 0 || isContainer(type) ? INSIDE : OUTSIDE;
  const allowed = isTask(type) ? [...variables, '$secrets'] : variables;
  for (const found of templateFaults(config, allowed)) {
    const secret = found.message.includes('$secrets')
      ? '; secrets can be read only by nodes that act on the world'
      : '';
    faults.push({ path: `${around.place}.${found.path}`, message: found.message + secret });
  }
  const deferred: Record<string, unknown> = {};
  for (const [field, more] of Object.entries(type.deferred ?? {})) {
    deferred[field] = node.config?.[field];
    for (const { path, message } of templateFaults({ [field]: deferred[field] }, [...variables, ...more])) {
      faults.push({ path: `${around.place}.${path}`, message });
    }
  }
  for (const [name, path] of nodeReferences({ ...config, ...deferred })) {
    if (around.outer.includes(name) || links.get(node.id)?.isAfter(name)) continue;
    const known = links.has(name);
    const message = known
      ? `$node.${name} does not come before ${node.id}; add an edge, or read another node`
      : `$node.${name} is no node of this workflow${suggest(name, [...links.keys(), ...around.outer])}`;
    faults.push({ path: `${around.place}.${path}`, message });
  }
}

/** Node names read by the templates of each top-level field, with the field. */
function nodeReferences(config: Readonly<Record<string, unknown>>): [name: string, path: string][] {
  return Object.entries(config).flatMap(([field, value]) =>
    [...templateNodes(value)].map((name): [string, string] => [name, field]),
  );
}

function templateNodes(value: unknown): Iterable<string> {
  const sound = templateFaults(value, [...INSIDE, '$secrets', '$event']).length === 0;
  return sound ? compileTemplate(value).references.nodes : [];
}
