import { isObject } from '../json.ts';

/** The schema that `#` or `#/$defs/name` (RFC 6901) names inside `root`; undefined where there is none. */
export function resolveReference(root: unknown, reference: unknown): unknown {
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) return undefined;
  let schema = root;
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(schema) && !Array.isArray(schema)) return undefined;
    schema = Object.hasOwn(schema, key) ? (schema as Record<string, unknown>)[key] : undefined;
  }
  return schema;
}
