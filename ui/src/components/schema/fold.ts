/** Which fields of an object a folded form shows, and in what order. */
import type { JsonSchema } from './shape.ts';

interface Folded {
  readonly shown: readonly string[];
  /** Waits behind a button. */
  readonly rest: readonly string[];
}

/** So few are shown without a button. */
const FEW = 2;

/**
 * What the schema names first, set or not; then what is required; then what is `wanted`, since it is set or wrong. An
 * empty form would say nothing.
 */
export function foldOf(schema: JsonSchema, names: readonly string[], isWanted: (name: string) => boolean): Folded {
  const first = (schema['x-first'] ?? []).filter((name) => names.includes(name));
  const others = names.filter((name) => !first.includes(name));
  const required = others.filter((name) => schema.required?.includes(name));
  const optional = others.filter((name) => !required.includes(name));
  const shown = [...first, ...required, ...optional.filter(isWanted)];
  const rest = optional.filter((name) => !isWanted(name));
  return rest.length <= FEW || shown.length === 0 ? { shown: [...shown, ...rest], rest: [] } : { shown, rest };
}
