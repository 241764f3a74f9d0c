/** A document is a definition, or a list of all its faults, each with its place and its mend. */
import type { z } from 'zod';
import { type Fault, MyelinError } from '../errors.ts';
import { templateFaults } from '../expression/index.ts';
import { flowFaults } from '../flow/settings.ts';
import { isObject } from '../json.ts';
import type { NodeTypes } from '../node-type.ts';
import { suggest } from '../suggest.ts';
import type { TriggerTypes } from '../trigger-type.ts';
import { checkExpose } from './check-expose.ts';
import { checkGraph } from './check-graph.ts';
import { issueFaults } from './issue-faults.ts';
import { type Definition, definitionSchema, MAX_NODES, triggerConfigOf } from './schema.ts';

export interface Catalog {
  readonly nodes: NodeTypes;
  readonly triggers: TriggerTypes;
}

/** Throws `invalid_definition` with all faults. */
export function validate(document: unknown, catalog: Catalog): Definition {
  const faults = definitionFaults(document, catalog);
  if (faults.length === 0) return document as Definition;
  const first = faults[0]!;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new MyelinError('invalid_definition', `${first.path}: ${first.message}${more}`, { errors: faults });
}

/** All faults of a document; empty where it is a definition. */
export function definitionFaults(document: unknown, catalog: Catalog): Fault[] {
  const shape = definitionSchema.safeParse(document);
  if (shape.success) return deeperFaults(shape.data, catalog);
  const faults = shape.error.issues.flatMap((issue) => issueFaults(issue, ''));
  // What does not fit is left out, so that the rest can be looked at too; what lies in it is told already.
  const rest = definitionSchema.safeParse(without(document, shape.error.issues));
  if (!rest.success) return faults;
  const isNew = ({ path }: Fault) => !faults.some((known) => path === known.path || path.startsWith(`${known.path}.`));
  return [...faults, ...deeperFaults(rest.data, catalog).filter(isNew)];
}

/** A copy in which the fields of these issues are missing, and a name stands where none fits. */
function without(document: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (!isObject(document)) return document;
  const copy: unknown = JSON.parse(JSON.stringify(document));
  for (const { path, ...issue } of issues) {
    const keys = issue.code === 'unrecognized_keys' ? [...path, issue.keys] : path;
    const last = keys.at(-1);
    const owner = keys.slice(0, -1).reduce<unknown>((at, key) => Object(at)[key as PropertyKey], copy);
    if (!isObject(owner)) continue;
    for (const key of [last].flat()) delete (owner as Record<string, unknown>)[String(key)];
  }
  return isObject(copy) && copy.name === undefined ? { ...copy, name: 'unnamed' } : copy;
}

function deeperFaults(definition: Definition, catalog: Catalog): Fault[] {
  const faults: Fault[] = [];
  checkSettings(definition, faults);
  checkTriggers(definition, catalog, faults);
  checkExpose(definition, faults);
  const count = checkGraph(definition, { types: catalog.nodes, place: '', outer: [], depth: 0 }, faults);
  if (count > MAX_NODES)
    faults.push({ path: 'nodes', message: `a workflow has at most ${MAX_NODES} nodes, not ${count}` });
  return faults;
}

function checkSettings({ name, settings }: Definition, faults: Fault[]): void {
  if (settings !== undefined) faults.push(...flowFaults(settings));
  if (settings?.errorWorkflow !== name) return;
  faults.push({
    path: 'settings.errorWorkflow',
    message: 'is this workflow itself; name the one that handles failures',
  });
}

/** What the expressions of a trigger may name: the request or message, before there is an execution. */
const TRIGGER_VARIABLES = ['$trigger', '$json', '$now', '$secrets'];
const POLL_VARIABLES = [...TRIGGER_VARIABLES, '$cursor'];

function checkTriggers(definition: Definition, catalog: Catalog, faults: Fault[]): void {
  const seen = new Set<string>();
  for (const [index, trigger] of (definition.triggers ?? []).entries()) {
    const path = `triggers[${index}]`;
    if (seen.has(trigger.id)) faults.push({ path: `${path}.id`, message: `duplicate id ${trigger.id}; rename one` });
    seen.add(trigger.id);
    const type = catalog.triggers.get(trigger.type);
    if (type === undefined) {
      const message = `unknown trigger type ${trigger.type}${suggest(trigger.type, catalog.triggers.keys())}`;
      faults.push({ path: `${path}.type`, message });
      continue;
    }
    const config = triggerConfigOf(trigger);
    const checked = type.config.safeParse(config);
    if (!checked.success) faults.push(...checked.error.issues.flatMap((issue) => issueFaults(issue, path)));
    if (trigger.type === 'workflow' && trigger.workflow === definition.name) {
      faults.push({ path: `${path}.workflow`, message: 'is this workflow itself; it would start itself without end' });
    }
    const known = trigger.type === 'poll' ? POLL_VARIABLES : TRIGGER_VARIABLES;
    for (const found of templateFaults(config, known)) {
      faults.push({ path: `${path}.${found.path}`, message: found.message });
    }
  }
}
