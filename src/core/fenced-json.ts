import type { Json } from './json.ts';
import { parseJson } from './safe-json.ts';

/** The JSON of a text that a model wrote, also where it stands in a fence, as models like it; undefined: it is none. */
export function fencedJson(text: string): Json | undefined {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(text);
  try {
    return parseJson(fenced?.[1] ?? text) as Json;
  } catch {
    return undefined;
  }
}
