/**
 * Whether a new version of a schema only adds to the one before: data of the older version is data of the newer, and
 * who reads the newer still finds all that was in the older.
 */
import { type Fault, MyelinError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { canonical, list } from '../json-schema/place.ts';
import { resolveReference } from '../json-schema/reference.ts';
import { fields, NARROWINGS } from './narrowing.ts';

/** Faults told of one change; more do not help anyone. */
const MOST_FAULTS = 20;
/** Pairs of schemas looked at: two that refer to themselves may make very many. */
const MOST_PAIRS = 10_000;
/** References in a row. */
const MOST_STEPS = 100;

interface Run {
  readonly older: unknown;
  readonly newer: unknown;
  /** Of the older one. */
  readonly version: number;
  readonly faults: Fault[];
  /** Compared already, or about to be: newer ones by the older. */
  readonly seen: Map<object, Set<object>>;
  readonly open: { readonly was: JsonObject; readonly is: JsonObject; readonly path: string }[];
  pairs: number;
}

const ANYTHING: JsonObject = {};

/** What breaks readers of `version`, with places such as `properties.total`, at most 20. Throws `limit_exceeded`. */
export function additiveFaults(older: unknown, newer: unknown, version: number): Fault[] {
  const run: Run = { older, newer, version, faults: [], seen: new Map(), open: [], pairs: 0 };
  compare(run, older, newer, '');
  for (let at = 0; at < run.open.length && run.faults.length < MOST_FAULTS; at++) {
    const { was, is, path } = run.open[at]!;
    compareKeywords(run, expanded(older, was), expanded(newer, is), path);
  }
  return run.faults.slice(0, MOST_FAULTS);
}

/** Puts the pair on the list: circles may be longer than the stack. */
function compare(run: Run, older: unknown, newer: unknown, path: string): void {
  if (older === false) return;
  if (newer === false) return fault(run, path, 'takes nothing any more');
  const [was, is] = [isObject(older) ? older : ANYTHING, isObject(newer) ? newer : ANYTHING];
  if (!isSeen(run, was, is)) run.open.push({ was, is, path });
}

function compareKeywords(run: Run, older: JsonObject, newer: JsonObject, path: string): void {
  for (const check of NARROWINGS) {
    const words = check(older, newer, run.version);
    if (words !== undefined) fault(run, path, words);
  }
  compareFields(run, older, newer, path);
  compare(run, older.additionalProperties, newer.additionalProperties, join(path, 'additionalProperties'));
  if (Array.isArray(newer.items) || Array.isArray(older.items)) {
    if (canonical(newer.items) !== canonical(older.items)) fault(run, join(path, 'items'), 'is another one');
  } else compare(run, older.items, newer.items, join(path, 'items'));
}

/** A field that is new takes whatever may stand there; the older version had no word for it. */
function compareFields(run: Run, older: JsonObject, newer: JsonObject, path: string): void {
  for (const [name, was] of Object.entries(fields(older))) {
    const place = join(join(path, 'properties'), name);
    if (!Object.hasOwn(fields(newer), name)) fault(run, place, 'is gone');
    else compare(run, was, fields(newer)[name], place);
  }
}

function isSeen(run: Run, older: object, newer: object): boolean {
  const known = run.seen.get(older) ?? new Set();
  if (known.has(newer) || (older === ANYTHING && newer === ANYTHING)) return true;
  if (++run.pairs > MOST_PAIRS) {
    throw new MyelinError('limit_exceeded', 'The two versions refer to themselves too much to be compared.');
  }
  run.seen.set(older, known.add(newer));
  return false;
}

/** With what it refers to, beside which its own words count too. */
function expanded(root: unknown, schema: JsonObject): JsonObject {
  let whole = schema;
  for (let steps = 0; whole.$ref !== undefined && steps < MOST_STEPS; steps++) {
    const { $ref, ...own } = whole;
    const target = resolveReference(root, $ref);
    if (!isObject(target)) return own;
    const properties = { ...fields(target), ...fields(own) };
    const required = [...new Set([...list(target.required), ...list(own.required)])];
    whole = { ...target, ...own, properties, required };
  }
  return whole;
}

function fault(run: Run, path: string, words: string): void {
  const message = `${words}: readers of version ${run.version} would break; make a new type, or give upcast`;
  run.faults.push({ path, message });
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
