/** How a value looks inside a text: nothing for undefined and null, JSON for arrays and objects. */
import { append } from './budget.ts';
import { toJson } from './plain.ts';

/** `text` with the plain `value` at its end; throws `expression_limit` where it grows too long. */
export function appendValue(text: string, value: unknown): string {
  if (value == null) return text;
  return append(text, typeof value === 'object' ? toJson(value)! : String(value));
}
