/** Schemas of message types: what the data of a type looks like, version by version, and what becomes of what does not fit. */

import type { Fault } from '../errors.ts';
import { fitFaults } from '../json-schema/fit.ts';

/** `reject`: it is not taken. `dead_letter`: it is taken, and set aside instead of delivered. `allow`: it is delivered, and the log warns. */
export const POLICIES = ['reject', 'dead_letter', 'allow'] as const;
export type Policy = (typeof POLICIES)[number];

/** A version never changes. */
export interface EventSchema {
  readonly projectId: string;
  /** Of the messages. */
  readonly type: string;
  /** From 1, without a gap. */
  readonly version: number;
  /** A JSON Schema of `data`. */
  readonly schema: unknown;
  /** That of the newest version counts for all. */
  readonly policy: Policy;
  /** A template that makes data of this version of `$data` of the version before; null: that is data of this version already. */
  readonly upcast: unknown;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Of one schema, and of one upcast: characters of JSON. */
export const LARGEST_SCHEMA = 64 * 1024;
/** Versions of one type. */
export const MOST_VERSIONS = 200;
/** Types of one project that have a schema. */
export const MOST_TYPES = 1_000;

const PREFIX = '/api/event-schemas/';

/** `dataschema` of a message that was written under this version. */
export const schemaAddress = (type: string, version: number): string =>
  `${PREFIX}${encodeURIComponent(type)}/${version}`;

/** The version that a message of the type names; undefined where it names none of ours. */
export function versionOf(type: string, dataschema: unknown): number | undefined {
  const start = `${PREFIX}${encodeURIComponent(type)}/`;
  if (typeof dataschema !== 'string' || !dataschema.startsWith(start)) return undefined;
  const version = dataschema.slice(start.length);
  return /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined;
}

export interface Data {
  readonly data?: unknown;
  readonly data_base64?: unknown;
}

/** What of a message does not fit, with places such as `data.total`; empty where it fits. Throws `limit_exceeded`. */
export function dataFaults(schema: unknown, { data = null, data_base64 }: Data): Fault[] {
  if (data_base64 !== undefined) {
    return [{ path: 'data_base64', message: 'messages of this type have a schema, so they take JSON in `data`' }];
  }
  return fitFaults(schema, data).map(({ path, message }) => ({ path: placeIn('data', path), message }));
}

/** A place inside of what stands at `place`. */
export function placeIn(place: string, path: string): string {
  return path === '' || path.startsWith('[') ? `${place}${path}` : `${place}.${path}`;
}

/** The faults in one line, such as `data.total: takes number, is string (and 2 more)`. */
export function sayFaults([first, ...others]: readonly Fault[]): string {
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `${first?.path}: ${first?.message}${more}`;
}
