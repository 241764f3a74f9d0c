/** What a builder was given, as the plain data that JSON would carry. */
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { type Arrow, toTemplate } from './expression.ts';

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
  const what = typeof value === 'object' ? value?.constructor?.name : String(value);
  throw new MyelinError('invalid_definition', `${place}: takes a JSON value or an expression, not ${what}.`);
}

export function toPlainObject(value: object, place: string): Record<string, unknown> {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, toPlain(field, `${place}.${key}`)]));
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
