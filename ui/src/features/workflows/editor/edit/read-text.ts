/** What a text of the document gives: a document that can be drawn, or where it fails to. */
import type { Definition } from '../../../../graph/document.ts';

/** In which the document is written by hand. */
export type TextLanguage = 'yaml' | 'typescript';

export interface TextFault {
  readonly message: string;
  /** Character positions. */
  readonly from: number;
  readonly to: number;
  /** From 1. */
  readonly line: number;
  /** From 1, where it helps. */
  readonly column?: number;
}

export type ReadText = { readonly definition: Definition } | { readonly fault: TextFault };

/** What is no object with nodes cannot be drawn, so it is no document yet. */
export function asDocument(value: unknown): ReadText {
  const why = whyNoDocument(value);
  if (why !== undefined) return { fault: { message: why, from: 0, to: 0, line: 1 } };
  return { definition: value as Definition };
}

function whyNoDocument(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'A workflow is an object with a name and nodes';
  const { name, nodes, edges = [], triggers = [] } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string') return 'The workflow needs a name';
  const isNamed = (one: unknown) =>
    typeof one === 'object' &&
    one !== null &&
    typeof (one as { id?: unknown }).id === 'string' &&
    typeof (one as { type?: unknown }).type === 'string';
  if (!Array.isArray(nodes) || !nodes.every(isNamed)) return 'nodes is a list, and each node has an id and a type';
  if (!Array.isArray(edges) || !edges.every((edge) => typeof edge === 'string'))
    return 'edges is a list of texts such as a -> b';
  if (!Array.isArray(triggers) || !triggers.every(isNamed)) return 'triggers is a list, and each has an id and a type';
  return undefined;
}
