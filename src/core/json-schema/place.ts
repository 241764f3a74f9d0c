/** What the keywords share: where in a value a check is, where its faults go, and how it looks at what lies inside. */
import { RE2JS } from 're2js';
import { type Fault, MyelinError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';

/** One check of one value. */
export interface Run {
  readonly root: unknown;
  readonly patterns: Map<string, RE2JS>;
  /** Adds the faults of `value` under `schema`. */
  readonly visit: (place: Place, schema: unknown, value: unknown) => void;
  /** Schemas and patterns that may still be tried. */
  fuel: number;
  depth: number;
}

/** Where in the value a check is, and where its faults go. */
export interface Place {
  readonly run: Run;
  readonly path: string;
  readonly faults: Fault[];
}

/** Checks one keyword: what it wants, the value, and the schema it stands in. */
export type Keyword = (place: Place, wanted: unknown, value: unknown, schema: JsonObject) => void;
export type Keywords = readonly (readonly [name: string, check: Keyword])[];

export function spend(run: Run): void {
  if (run.fuel-- > 0) return;
  throw new MyelinError('limit_exceeded', 'The JSON Schema asks for too much work on this value; simplify it.');
}

export function fail(place: Place, message: string): void {
  place.faults.push({ path: place.path, message });
}

export const visit: Run['visit'] = (place, schema, value) => place.run.visit(place, schema, value);

/** The place of a field or an item: `items[0].name`. */
export function inside(place: Place, key: string | number): Place {
  const { path } = place;
  if (typeof key === 'number') return { ...place, path: `${path}[${key}]` };
  return { ...place, path: path === '' ? key : `${path}.${key}` };
}

/** The faults of an alternative, which do not count by themselves. */
export function trial(place: Place, schema: unknown, value: unknown): Fault[] {
  const faults: Fault[] = [];
  visit({ ...place, faults }, schema, value);
  return faults;
}

export const fits = (place: Place, schema: unknown, value: unknown) => trial(place, schema, value).length === 0;

/** True where the pattern is found anywhere in the text, as JSON Schema has it. */
export function matches(run: Run, pattern: string, text: string): boolean {
  spend(run);
  let compiled = run.patterns.get(pattern);
  if (compiled === undefined) {
    compiled = RE2JS.compile(pattern);
    run.patterns.set(pattern, compiled);
  }
  return compiled.matcher(text).find();
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const entries = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);

/** Equal values have equal texts, whatever the order of their fields. */
export function canonical(value: unknown): string {
  const sorted = (_key: string, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner;
  return JSON.stringify(value, sorted) ?? 'undefined';
}
