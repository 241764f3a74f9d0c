/** Keywords that look at a value as a whole: its type, size, text and number. */
import { z } from 'zod';
import { isObject } from '../json.ts';
import { canonical, fail, type Keyword, type Keywords, list, matches, type Place } from './place.ts';

const TYPES: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<unknown, (value: unknown) => boolean>([
  ['object', isObject],
  ['array', Array.isArray],
  ['string', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['integer', Number.isInteger],
  ['boolean', (value) => typeof value === 'boolean'],
  ['null', (value) => value === null],
]);

/** What `type` may name. */
export const TYPE_NAMES: readonly unknown[] = [...TYPES.keys()];

/** The formats that are checked; any other is a note to the reader, as the standard has it. */
const FORMATS: ReadonlyMap<unknown, z.ZodType> = new Map<unknown, z.ZodType>([
  ['date-time', z.iso.datetime({ offset: true })],
  ['date', z.iso.date()],
  ['email', z.email()],
  ['uri', z.url()],
  ['uuid', z.uuid()],
  ['ipv4', z.ipv4()],
  ['ipv6', z.ipv6()],
]);

const itself = (value: unknown) => (typeof value === 'number' ? value : undefined);
const letters = (value: unknown) => (typeof value === 'string' ? [...value].length : undefined);
const items = (value: unknown) => (Array.isArray(value) ? value.length : undefined);
const fields = (value: unknown) => (isObject(value) ? Object.keys(value).length : undefined);
const atLeast = (a: number, b: number) => a >= b;
const atMost = (a: number, b: number) => a <= b;

/** 0.3 is a multiple of 0.1, though not to the last bit of a double. */
function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) <= 2 * Number.EPSILON * Math.max(1, Math.abs(times));
}

/** A limit for the number, or for the size that `measure` gives of the types it is meant for. */
function bound(
  measure: (value: unknown) => number | undefined,
  holds: (size: number, limit: number) => boolean,
  words: string,
): Keyword {
  return (place, limit, value) => {
    const size = measure(value);
    if (size === undefined || typeof limit !== 'number' || holds(size, limit)) return;
    fail(place, `${words} ${limit}, is ${size}`);
  };
}

function type(place: Place, wanted: unknown, value: unknown): void {
  const types = Array.isArray(wanted) ? wanted : [wanted];
  if (types.some((name) => TYPES.get(name)?.(value))) return;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  fail(place, `takes ${types.join(' or ')}, is ${kind}`);
}

function oneOfValues(place: Place, wanted: readonly unknown[], value: unknown): void {
  const text = canonical(value);
  if (wanted.some((one) => canonical(one) === text)) return;
  const values = wanted.map((one) => JSON.stringify(one)).join(', ');
  fail(place, wanted.length === 1 ? `must be ${values}` : `must be one of ${values}`);
}

function pattern(place: Place, wanted: unknown, value: unknown): void {
  if (typeof value !== 'string' || matches(place.run, String(wanted), value)) return;
  fail(place, `must match the pattern ${wanted}`);
}

function format(place: Place, wanted: unknown, value: unknown): void {
  const schema = FORMATS.get(wanted);
  if (typeof value !== 'string' || schema === undefined || schema.safeParse(value).success) return;
  fail(place, `must have the format ${wanted}`);
}

export const SCALAR_KEYWORDS: Keywords = [
  ['type', type],
  ['enum', (place, wanted, value) => oneOfValues(place, list(wanted), value)],
  ['const', (place, wanted, value) => oneOfValues(place, [wanted], value)],
  ['pattern', pattern],
  ['format', format],
  ['minimum', bound(itself, atLeast, 'must be at least')],
  ['maximum', bound(itself, atMost, 'must be at most')],
  ['exclusiveMinimum', bound(itself, (a, b) => a > b, 'must be more than')],
  ['exclusiveMaximum', bound(itself, (a, b) => a < b, 'must be less than')],
  ['multipleOf', bound(itself, isMultiple, 'must be a multiple of')],
  ['minLength', bound(letters, atLeast, 'its length must be at least')],
  ['maxLength', bound(letters, atMost, 'its length must be at most')],
  ['minItems', bound(items, atLeast, 'its number of items must be at least')],
  ['maxItems', bound(items, atMost, 'its number of items must be at most')],
  ['minProperties', bound(fields, atLeast, 'its number of fields must be at least')],
  ['maxProperties', bound(fields, atMost, 'its number of fields must be at most')],
];
