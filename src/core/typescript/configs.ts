/**
 * The types of configs as a builder takes them: those of the schemas, with arrow functions wherever a text may
 * stand. Which types there are is said elsewhere, by declaration merging: the sdk names those of the nodes.
 */
import type { GraphDefinition, TriggerDefinition } from '../definition/schema.ts';
import type { Arrow } from './arrow.ts';

/** Configs as the schemas take them, by node type. @public to those who merge into it. */
// biome-ignore lint/suspicious/noEmptyInterface: others merge into it
export interface KnownNodes {}

/** Configs of triggers by type. @public to those who merge into it. */
// biome-ignore lint/suspicious/noEmptyInterface: others merge into it
export interface KnownTriggers {}

/** A graph inside a container: by a builder of its own, or as data. */
export type Graph = { toJSON(): GraphDefinition } | GraphDefinition;

/** JSON with arrow functions and graphs in it. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Arrow
  | Graph
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** `T` as written: an expression may stand where a text may, and for `unknown` anything that becomes JSON. */
type Written<T> = unknown extends T ? Value : (string extends T ? Arrow : never) | Part<T>;

type Part<T> = T extends Graph | { nodes: unknown[] }
  ? Graph
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? { [K in keyof T]: Written<T[K]> }
      : T;

type Open = { readonly [key: string]: Value | undefined };

export type NodeConfig<T extends string> = T extends keyof KnownNodes ? Written<KnownNodes[T]> : Open;

/** Besides its config: where an editor draws it. */
export type TriggerConfig<T extends string> = T extends keyof KnownTriggers
  ? Written<KnownTriggers[T]> & Pick<TriggerDefinition, 'position'>
  : Open;
