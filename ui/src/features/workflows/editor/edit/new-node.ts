/** What a node of a type begins as: its example, without what only shows what else there is. */
import type { NodeTypeAnswer, TriggerTypeAnswer } from '../../../../../../src/contract/node-types.ts';
import type { NodeDefinition } from '../../../../graph/document.ts';

type Config = Readonly<Record<string, unknown>>;

/** With fewer fields one sees at once what has to be filled in. */
export function newNode({ type, example, configSchema }: NodeTypeAnswer): NodeDefinition {
  const required = new Set(Array.isArray(configSchema.required) ? configSchema.required.map(String) : []);
  const entries = Object.entries(example);
  const needed = entries.filter(([key]) => required.has(key));
  // A type that demands nothing, or one of several, says by its example what it is for.
  const config = needed.length === 0 || !isEnough(type) ? Object.fromEntries(entries) : Object.fromEntries(needed);
  return { id: idFor(type), type, config };
}

/** Types that want one of several fields besides those that are required. */
const NEEDS_MORE = new Set(['loop', 'wait', 'delay', 'context', 'recall', 'switch', 'if', 'classify', 'extract']);
const isEnough = (type: string): boolean => !NEEDS_MORE.has(type);

export function newTrigger({ type, example }: TriggerTypeAnswer, workflow: string) {
  const config: Config = type === 'manual' ? {} : type === 'webhook' ? { ...example, path: workflow } : example;
  return { id: idFor(type), type, ...config };
}

/** A word that is also an operator of expressions reads badly as an id. */
const IDS: Readonly<Record<string, string>> = { if: 'check', switch: 'route', map: 'each', loop: 'repeat' };

const idFor = (type: string): string => IDS[type] ?? type.replace(/[^A-Za-z0-9_]/g, '_');
