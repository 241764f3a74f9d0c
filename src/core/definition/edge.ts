/** Edges as text: `from -> to`, `from:port -> to`. */

export interface EdgeText {
  readonly from: string;
  /** Undefined: the main port of the node's type. */
  readonly port: string | undefined;
  readonly to: string;
}

const EDGE = /^\s*([\w-]+)(?::([\w.-]+))?\s*->\s*([\w-]+)\s*$/;

/** Null where the text is no edge. */
export function parseEdge(text: string): EdgeText | null {
  const match = EDGE.exec(text);
  return match === null ? null : { from: match[1] as string, port: match[2], to: match[3] as string };
}
