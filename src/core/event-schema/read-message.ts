/** A message as of the newest version of its schema: what its readers see, whatever version it was written under. */
import type { CloudEvent } from '../cloud-event.ts';
import { type Fault, MyelinError } from '../errors.ts';
import { compileTemplate, type Template } from '../expression/index.ts';
import { withDefaults } from './defaults.ts';
import { dataFaults, type EventSchema, sayFaults, schemaAddress, versionOf } from './event-schema.ts';

/** One version, ready to be used. */
export interface Version extends EventSchema {
  readonly convert: Template | null;
}

/** Of one type, by number without a gap; at least one. */
export type Versions = readonly [Version, ...Version[]];

/** Throws what `compileTemplate` throws. */
export function prepared(schema: EventSchema): Version {
  return { ...schema, convert: schema.upcast === null ? null : compileTemplate(schema.upcast) };
}

const newestOf = (versions: Versions): Version => versions.reduce((_, last) => last);

/** The version of the number; default the newest. */
function versionAt(versions: Versions, number: number | undefined): Version | undefined {
  return number === undefined ? newestOf(versions) : versions.find(({ version }) => version === number);
}

/** What is wrong with a message that is about to be written, and the `dataschema` it gets. */
export interface Checked {
  readonly version: Version;
  readonly dataschema: string;
  readonly faults: readonly Fault[];
  /** It must not be written. */
  readonly refused: boolean;
}

/** A message that names no version of ours is one of the newest. Throws `limit_exceeded`. */
export function checkMessage(versions: Versions, event: Pick<CloudEvent, 'type' | 'dataschema'> & Data): Checked {
  const named = versionOf(event.type, event.dataschema);
  const known = versionAt(versions, named);
  const version = known ?? newestOf(versions);
  const dataschema = schemaAddress(version.type, version.version);
  if (known === undefined) {
    const message = `there is no version ${named} of ${event.type}; the newest is ${version.version}`;
    return { version, dataschema, faults: [{ path: 'dataschema', message }], refused: true };
  }
  const faults = dataFaults(version.schema, event);
  return { version, dataschema, faults, refused: faults.length > 0 && newestOf(versions).policy === 'reject' };
}

type Data = Pick<CloudEvent, 'data' | 'data_base64'>;

/** `unfit`: it does not fit what it was written under, and is delivered all the same, as it is. */
export interface Read {
  readonly event: CloudEvent;
  readonly unfit: readonly Fault[];
}

/**
 * Throws `message_invalid` for what does not fit where that is set aside, and what the upcast throws. What names no
 * version that is here is left as it is.
 */
export function readMessage(versions: Versions, event: CloudEvent): Read {
  const written = versionAt(versions, versionOf(event.type, event.dataschema) ?? 0);
  if (written === undefined) return { event, unfit: [] };
  const newest = newestOf(versions);
  // Where it would have been refused, it was looked at before it was written.
  const unfit = newest.policy === 'reject' ? [] : dataFaults(written.schema, event);
  if (unfit.length > 0 && newest.policy === 'dead_letter') throw refusal(written, unfit);
  if (unfit.length > 0 || written === newest) return { event, unfit };
  const steps = versions.filter(({ version }) => version > written.version);
  const data = steps.reduce(upcast, event.data ?? null);
  const faults = dataFaults(newest.schema, { data });
  if (faults.length > 0) throw refusal(newest, faults, ` read as of version ${newest.version}`);
  return { event: { ...event, data, dataschema: schemaAddress(newest.type, newest.version) }, unfit: [] };
}

function upcast(data: unknown, { type, version, schema, convert }: Version): unknown {
  try {
    return withDefaults(schema, convert === null ? data : (convert.resolve({ $data: data }) ?? null));
  } catch (error) {
    // Both throw nothing else.
    const { code, message, data: place } = error as MyelinError;
    throw new MyelinError(code, `upcast to version ${version} of ${type}: ${message}`, place);
  }
}

export function refusal({ type, version }: Version, faults: readonly Fault[], how = ''): MyelinError {
  const what = how === '' ? `schema ${version} of ${type}` : `${type}${how}`;
  return new MyelinError('message_invalid', `${what}: ${sayFaults(faults)}`, { errors: faults });
}
