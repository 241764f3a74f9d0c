/** What a node of a type begins as: its example, without what only shows what else there is. */
import type { NodeTypeAnswer, TriggerTypeAnswer } from '../../../../../../src/contract/node-types.ts';
import type { Definition, NodeDefinition, TriggerDefinition } from '../../../../graph/document.ts';

type Config = Readonly<Record<string, unknown>>;

/** Types that want one of several fields besides those that are required, or whose example is as short as can be. */
const WHOLE = new Set(['loop', 'wait', 'delay', 'switch', 'join']);

/** With fewer fields one sees at once what has to be filled in. */
export function newNode({ type, example, configSchema }: NodeTypeAnswer): NodeDefinition {
  const required = Array.isArray(configSchema.required) ? configSchema.required.map(String) : [];
  // Where nothing is required, the first field says what it is for.
  const kept = required.length > 0 ? required : Object.keys(example).slice(0, 1);
  const entries = Object.entries(example).filter(([key]) => WHOLE.has(type) || kept.includes(key));
  return { id: idFor(type), type, config: Object.fromEntries(entries) };
}

export function newTrigger({ type, example }: TriggerTypeAnswer, workflow: string) {
  const config: Config = type === 'manual' ? {} : type === 'webhook' ? { path: workflow, method: 'POST' } : example;
  return { id: idFor(type), type, ...config };
}

/** A word that is also an operator of expressions reads badly as an id. */
const IDS: Readonly<Record<string, string>> = { if: 'check', switch: 'route', map: 'each', loop: 'repeat' };

const idFor = (type: string): string => IDS[type] ?? type.replace(/[^A-Za-z0-9_]/g, '_');

/** A workflow by another name. Until somebody else may call its webhooks, those that are named like it follow. */
export function renamed(definition: Definition, name: string, isNew: boolean): Definition {
  const { name: before, triggers } = definition;
  if (!isNew || triggers === undefined) return { ...definition, name };
  const follows = (trigger: TriggerDefinition) => trigger.type === 'webhook' && trigger.path === before;
  return { ...definition, name, triggers: triggers.map((one) => (follows(one) ? { ...one, path: name } : one)) };
}

/** With a node that answers, a webhook that answered before it ran waits for it. */
export function awaited(definition: Definition): Definition {
  const { triggers = [] } = definition;
  const hooks = triggers.filter(({ type }) => type === 'webhook');
  const [only] = hooks;
  if (hooks.length !== 1 || only?.respond !== undefined) return definition;
  return { ...definition, triggers: triggers.map((one) => (one === only ? { ...one, respond: 'result' } : one)) };
}
