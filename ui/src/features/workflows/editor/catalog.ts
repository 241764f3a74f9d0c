/** The types that a workflow can be made of, in the groups that one looks for them in. */
import type { NodeTypeAnswer, TriggerTypeAnswer } from '../../../../../src/contract/node-types.ts';
import { useApi } from '../../../api/query.ts';
import { TYPES } from '../first-reading.ts';

export type Entry =
  | { readonly kind: 'node'; readonly type: NodeTypeAnswer }
  | { readonly kind: 'trigger'; readonly type: TriggerTypeAnswer };

export interface Group {
  readonly title: string;
  readonly entries: readonly Entry[];
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  AI: ['agent', 'classify', 'extract', 'model', 'context', 'recall'],
  Flow: ['if', 'switch', 'join', 'loop', 'map', 'parallel', 'saga', 'delay', 'workflow', 'fail'],
  People: ['approval', 'wait'],
  Data: ['transform', 'code'],
  Outside: ['http', 'tool', 'respond', 'emit', 'webhook.send', 'email', 'slack', 'postgres.query', 'postgres.insert'],
};

export interface Catalog {
  readonly groups: readonly Group[];
  readonly nodeTypes: ReadonlyMap<string, NodeTypeAnswer>;
  readonly triggerTypes: ReadonlyMap<string, TriggerTypeAnswer>;
  /** Before that nobody knows which types there are. */
  readonly isLoaded: boolean;
}

export function useCatalog(): Catalog {
  const nodes = useApi('listNodeTypes', {}, TYPES);
  const triggers = useApi('listTriggerTypes', {}, TYPES);
  const nodeTypes = new Map((nodes.data?.items ?? []).map((type) => [type.type, type]));
  const triggerTypes = new Map((triggers.data?.items ?? []).map((type) => [type.type, type]));
  return {
    groups: groupsOf([...nodeTypes.values()], [...triggerTypes.values()]),
    nodeTypes,
    triggerTypes,
    isLoaded: nodes.data !== undefined,
  };
}

function groupsOf(nodes: readonly NodeTypeAnswer[], triggers: readonly TriggerTypeAnswer[]): readonly Group[] {
  const known = Object.entries(GROUPS).map(([title, types]) => ({
    title,
    entries: types.flatMap((name): Entry[] => {
      const type = nodes.find((one) => one.type === name);
      return type === undefined ? [] : [{ kind: 'node', type }];
    }),
  }));
  const placed = new Set(Object.values(GROUPS).flat());
  const rest = nodes.filter(({ type }) => !placed.has(type)).map((type): Entry => ({ kind: 'node', type }));
  const starts = triggers.map((type): Entry => ({ kind: 'trigger', type }));
  return [...known, { title: 'More', entries: rest }, { title: 'Triggers', entries: starts }].filter(
    ({ entries }) => entries.length > 0,
  );
}
