/** What a builder was given, as the plain data that JSON would carry. */
import { MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { type Arrow, toTemplate } from './arrow.ts';
import { isPlainObject, nameOf } from './kinds.ts';

/**
 * Arrow functions become `{{ }}` texts, nested builders their graphs; fields that are undefined fall away.
 * Throws `invalid_definition` with the place of what JSON cannot carry, `expression_invalid` for a bad expression.
 */
export function toPlain(value: unknown, place: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'function') return toTemplate(value as Arrow);
  if (Array.isArray(value)) return Array.from(value, (item, index) => toPlain(item, `${place}[${index}]`));
  if (isObject(value)) {
    if (typeof value.toJSON === 'function') return toPlain(value.toJSON(), place);
    if (isPlainObject(value)) return toPlainObject(value, place);
  }
  throw refusal(place, 'a JSON value or an expression', value);
}

/** Throws `invalid_definition` for what is no object of fields, besides what `toPlain` throws. */
export function toPlainObject(value: unknown, place: string): Record<string, unknown> {
  if (!isPlainObject(value)) throw refusal(place, 'an object', value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, toPlain(field, `${place}.${key}`)]));
}

/** The text as it is. Only who writes without types gives anything else: `invalid_definition`. */
export function asText(value: string, place: string): string {
  if (typeof value !== 'string') throw refusal(place, 'a text', value);
  return value;
}

function refusal(place: string, wanted: string, value: unknown): MyelinError {
  return new MyelinError('invalid_definition', `${place}: takes ${wanted}, not ${nameOf(value)}.`);
}
