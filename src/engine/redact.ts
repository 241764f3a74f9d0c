/** Secrets are tainted: where a value came back in a result or an error, its name stands instead (rule R12). */
import type { ErrorInfo } from '../core/errors.ts';
import { isObject } from '../core/json.ts';

/** Shorter values would black out ordinary text. */
const SHORTEST = 4;

/** Name and text. */
type Entry = readonly [string, string];

/**
 * A copy without the values, in any form in which they are sent; the value itself where there are none. `secrets` maps
 * names to values.
 */
export function redact<T>(value: T, secrets: ReadonlyMap<string, string>): T {
  const names = [...secrets].filter(([, secret]) => secret.length >= SHORTEST);
  if (names.length === 0) return value;
  const forms = names.flatMap(([name, secret]) => formsOf(secret).map((form): Entry => [name, form]));
  // Of two of which one is part of the other, the longer goes first: else the rest of it would stay.
  forms.sort(([, a], [, b]) => b.length - a.length);
  return clean(value, forms) as T;
}

/** As it is, in JSON, in an address or a form, and in base64, alone or with others around it, as `Basic` has it. */
function formsOf(secret: string): string[] {
  const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
  const inBase64 = [0, 1, 2].map((shift) => base64Within(secret, shift));
  const all = [
    ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed()), inForm, ...inBase64],
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(all)];
}

/** Those of its letters that say nothing of what stands before it, `shift` bytes and any times three, or after it. */
function base64Within(secret: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
  return bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** Code and kind are words of ours, and decide what happens next: they stay. */
export function redactError(error: ErrorInfo, secrets: ReadonlyMap<string, string>): ErrorInfo {
  const { code, kind, ...rest } = error;
  return { code, kind, ...redact(rest, secrets) };
}

function clean(value: unknown, forms: readonly Entry[]): unknown {
  if (typeof value === 'string') return cleanText(value, forms);
  if (typeof value === 'number') return forms.some(([, secret]) => secret === String(value)) ? '[secret]' : value;
  if (Array.isArray(value)) return value.map((one) => clean(one, forms));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [cleanText(key, forms), clean(one, forms)]));
}

function cleanText(text: string, forms: readonly Entry[]): string {
  return forms.reduce((left, [name, form]) => left.replaceAll(form, () => `[secret ${name}]`), text);
}
