/** JSON as a type: what every payload, output and event datum is made of. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object whose values nobody has looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** True for a plain object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
