/** What the fields of a panel share: the names and values of its place, and the field that has the focus. */
import { createContext, type RefObject, use } from 'react';
import type { NodeTypeAnswer } from '../../../../../src/contract/node-types.ts';
import type { Env } from '../../../../../src/core/expression/env.ts';
import type { Definition } from '../../../graph/document.ts';
import type { Scope } from './completions.ts';
import { secretNames, upstreamOf } from './reach.ts';

export type Insert = (expression: string) => void;

export interface PanelScope extends Scope {
  /** Whether there is anything to evaluate against. */
  readonly hasData: boolean;
  /** Puts an expression at the cursor of the field that was focused last. */
  readonly insert: RefObject<Insert | undefined>;
}

const Context = createContext<PanelScope | undefined>(undefined);
export const ScopeProvider = Context.Provider;

export function useScope(): PanelScope {
  const scope = use(Context);
  if (scope === undefined) throw new Error('A field for expressions stands outside of a panel');
  return scope;
}

const OUTSIDE = ['$json', '$node', '$trigger', '$execution', '$workflow', '$vars', '$now'];
/** Of the containers that go round. */
export const ROUND = ['$item', '$index', '$results'];

/** As the engine's check allows them. */
export function scopeOfNode(definition: Definition, place: string, type: NodeTypeAnswer | undefined, env: Env): Scope {
  const isInside = place.includes('/') || type?.kind === 'container';
  const variables = [...OUTSIDE, ...(isInside ? ROUND : []), ...(type?.kind === 'task' ? ['$secrets'] : [])];
  return { env, variables, nodes: upstreamOf(definition, place), secrets: secretNames(definition) };
}

/** Of a trigger there is only what came. */
export const scopeOfTrigger = (document: unknown, came: unknown): Scope => ({
  env: { $trigger: came, secret: (name) => `‹${name}›` },
  variables: ['$trigger', '$secrets'],
  nodes: [],
  secrets: secretNames(document),
});
