/** What happened, without what flowed: large values of an event are left out and told by their sizes. */
import { isObject, type JsonObject } from '../core/json.ts';

export interface Omitted {
  /** Where it stood in the data, such as `iteration.items`. */
  readonly field: string;
  /** As JSON. */
  readonly bytes: number;
  /** Of an array: how many it has. */
  readonly items?: number;
}

/** Bytes of JSON up to which a value is no burden, however many events are read. */
const SMALL = 2_048;
/** Objects are looked into so far: what an error says is kept, though the data beside it are large. */
const DEEPEST = 3;
const MANY = 8;

export function omitLarge(data: unknown): { readonly data: unknown; readonly omitted: readonly Omitted[] } {
  const omitted: Omitted[] = [];
  return { data: isObject(data) ? slim(data, '', 1, omitted) : data, omitted };
}

function slim(data: JsonObject, place: string, depth: number, omitted: Omitted[]): JsonObject {
  const kept = Object.entries(data).flatMap(([name, value]) => {
    const field = place + name;
    const bytes = bytesOf(value);
    if (bytes <= SMALL) return [[name, value]];
    if (isObject(value) && depth < DEEPEST) {
      const inside: Omitted[] = [];
      const rest = slim(value, `${field}.`, depth + 1, inside);
      // Many small ones are large together, and so is a list of many that are left out.
      if (inside.length > 0 && inside.length <= MANY && bytesOf(rest) <= SMALL * 2) {
        omitted.push(...inside);
        return [[name, rest]];
      }
    }
    omitted.push({ field, bytes, ...(Array.isArray(value) && { items: value.length }) });
    return [];
  });
  return Object.fromEntries(kept);
}

/** As JSON. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value ?? null));
