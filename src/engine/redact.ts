/** Secrets are tainted: where a value came back in a result or an error, its name stands instead (rule R12). */
import type { ErrorInfo } from '../core/errors.ts';
import { isObject } from '../core/json.ts';

/** Shorter values would black out ordinary text. */
const SHORTEST = 4;

/** A copy without the values; the value itself where there are none. `secrets` maps names to values. */
export function redact<T>(value: T, secrets: ReadonlyMap<string, string>): T {
  const names = [...secrets].filter(([, secret]) => secret.length >= SHORTEST);
  return names.length === 0 ? value : (clean(value, names) as T);
}

/** Code and kind are words of ours, and decide what happens next: they stay. */
export function redactError(error: ErrorInfo, secrets: ReadonlyMap<string, string>): ErrorInfo {
  const { code, kind, ...rest } = error;
  return { code, kind, ...redact(rest, secrets) };
}

function clean(value: unknown, names: readonly (readonly [string, string])[]): unknown {
  if (typeof value === 'string') return cleanText(value, names);
  if (typeof value === 'number') return names.some(([, secret]) => secret === String(value)) ? '[secret]' : value;
  if (Array.isArray(value)) return value.map((one) => clean(one, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [cleanText(key, names), clean(one, names)]));
}

function cleanText(text: string, names: readonly (readonly [string, string])[]): string {
  return names.reduce((left, [name, secret]) => left.replaceAll(secret, () => `[secret ${name}]`), text);
}
