/** What `loop`, `map` and `parallel` share: the form of a body and of a list of items. */
import { z } from 'zod';
import { MyelinError } from './errors.ts';

/** A graph of its own; checked in full, with its places, when the definition is. */
export const body = z.looseObject({ nodes: z.array(z.unknown()).min(1), edges: z.array(z.unknown()).optional() });
export type Body = z.infer<typeof body>;

export const bodyOf = (one: Body) => ({ nodes: one.nodes, edges: one.edges ?? [] });

/** Iterations a container makes at most where its config names no limit. */
export const DEFAULT_MAX = 10_000;

/** Throws `config_invalid` where an expression gave something else than a list. */
export function asItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new MyelinError('config_invalid', `items: takes a list, not ${value === null ? 'null' : typeof value}`);
}
