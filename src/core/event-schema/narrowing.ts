/** What one keyword asks more of data than it did in the version before: each a few words, without the place. */
import { isObject, type JsonObject } from '../json.ts';
import { canonical, list } from '../json-schema/place.ts';

/** Fewer data fit, or readers miss something, and why. */
type Words = string | undefined;
type Check = (older: JsonObject, newer: JsonObject, version: number) => Words;

const kinds = (wanted: unknown): readonly unknown[] => (Array.isArray(wanted) ? wanted : [wanted]);
const takes = (names: readonly unknown[], name: unknown) =>
  names.includes(name) || (name === 'integer' && names.includes('number'));

const type: Check = ({ type: was }, { type: is }) => {
  if (is === undefined || (was !== undefined && kinds(was).every((name) => takes(kinds(is), name)))) return undefined;
  return `was ${was === undefined ? 'of any type' : kinds(was).join(' or ')}, is ${kinds(is).join(' or ')}`;
};

const values = ({ enum: many, const: only }: JsonObject) => (only === undefined ? many : [only]);
const shown = (value: unknown) => JSON.stringify(value).slice(0, 100);

const choice: Check = (older, newer) => {
  const [was, is] = [values(older), values(newer)];
  if (is === undefined) return undefined;
  if (was === undefined) return `was any value, is one of ${shown(is)}`;
  const left = new Set(list(is).map(canonical));
  const gone = list(was).filter((value) => !left.has(canonical(value)));
  return gone.length === 0 ? undefined : `does not take ${gone.map(shown).join(', ')} any more`;
};

/** A limit may only be moved so that more fits. */
const bound =
  (name: string, isLooser: (is: number, was: number) => boolean): Check =>
  ({ [name]: was }, { [name]: is }) => {
    if (typeof is !== 'number' || is === was) return undefined;
    if (typeof was === 'number' && isLooser(is, was)) return undefined;
    return `${name} ${was === undefined ? 'was not set' : `was ${was}`}, is ${is}`;
  };
const lower = (name: string) => bound(name, (is, was) => is < was);
const upper = (name: string) => bound(name, (is, was) => is > was);

/** What cannot be compared may go, but not come or change. */
const same =
  (name: string): Check =>
  (older, newer) =>
    newer[name] === undefined ? undefined : fixed(name)(older, newer, 0);

/** Without it, others that stand beside it would speak of more. */
const fixed =
  (name: string): Check =>
  ({ [name]: was }, { [name]: is }) => {
    if (canonical(is) === canonical(was)) return undefined;
    return was === undefined ? `${name} was not set` : `${name} is another one`;
  };

/** More alternatives are more that fits. */
const alternatives: Check = ({ anyOf: was }, { anyOf: is }) => {
  if (is === undefined) return undefined;
  const left = new Set(list(is).map(canonical));
  return was !== undefined && list(was).every((one) => left.has(canonical(one)))
    ? undefined
    : 'anyOf takes not all that it took';
};

const unique: Check = ({ uniqueItems: was }, { uniqueItems: is }) =>
  is === true && was !== true ? 'its items must be unique now' : undefined;

/** Readers rely on what is required, and older data may lack what was not. */
const required: Check = (older, newer, version) => {
  const [was, is] = [list(older.required), list(newer.required)];
  const gone = was.filter((name) => !is.includes(name) && !isRemoved(older, newer, String(name)));
  if (gone.length > 0) return `${gone.join(', ')} was required, and is not any more`;
  const added = is.filter((name) => !was.includes(name) && defaultOf(newer, String(name)) === undefined);
  return added.length === 0
    ? undefined
    : `requires ${added.join(', ')}, which data of version ${version} may lack, and has no default for it`;
};

export const fields = ({ properties }: JsonObject): JsonObject => (isObject(properties) ? properties : {});

/** Which is told by itself. */
const isRemoved = (older: JsonObject, newer: JsonObject, name: string) =>
  Object.hasOwn(fields(older), name) && !Object.hasOwn(fields(newer), name);

function defaultOf(schema: JsonObject, name: string): unknown {
  const field = Object.hasOwn(fields(schema), name) ? fields(schema)[name] : undefined;
  return isObject(field) ? field.default : undefined;
}

export const NARROWINGS: readonly Check[] = [
  type,
  choice,
  required,
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'].map(lower),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'].map(upper),
  unique,
  alternatives,
  ...['multipleOf', 'pattern', 'format', 'contains', 'oneOf', 'allOf', 'not', 'if', 'then', 'else'].map(same),
  ...['dependentRequired', 'propertyNames'].map(same),
  ...['patternProperties', 'prefixItems', 'additionalItems'].map(fixed),
];
