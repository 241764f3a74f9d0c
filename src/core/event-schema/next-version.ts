/** What a type's schema may become next. */
import { type Fault, MyelinError } from '../errors.ts';
import { templateFaults } from '../expression/index.ts';
import { jsonSchemaFaults } from '../json-schema/check.ts';
import { canonical } from '../json-schema/place.ts';
import { additiveFaults } from './additive.ts';
import { type EventSchema, LARGEST_SCHEMA, MOST_VERSIONS, placeIn, sayFaults } from './event-schema.ts';

export type Proposal = Pick<EventSchema, 'projectId' | 'type' | 'schema' | 'policy' | 'upcast' | 'createdAt'>;

/**
 * The version after `newest`, or `newest` itself where it says the same already. Throws `invalid_request`,
 * `expression_invalid`, `event_schema_incompatible` with all faults, `limit_exceeded`.
 */
export function nextVersion(newest: EventSchema | undefined, proposal: Proposal): EventSchema {
  const { schema, upcast, policy } = proposal;
  refuse('invalid_request', [...sizeFaults('schema', schema), ...sizeFaults('upcast', upcast)]);
  refuse('invalid_request', placed('schema', jsonSchemaFaults(schema)));
  refuse('expression_invalid', placed('upcast', templateFaults(upcast, ['$data'])));
  if (newest === undefined) {
    const message = 'there is no older version whose data it could take';
    if (upcast !== null) refuse('invalid_request', [{ path: 'upcast', message }]);
    return { ...proposal, version: 1 };
  }
  if (isSame(newest, { schema, upcast, policy })) return newest;
  if (newest.version >= MOST_VERSIONS) {
    throw new MyelinError('limit_exceeded', `A type has at most ${MOST_VERSIONS} versions; make a new type.`);
  }
  if (upcast === null) refuse('event_schema_incompatible', additiveFaults(newest.schema, schema, newest.version));
  return { ...proposal, version: newest.version + 1 };
}

/** An upcast that is there already is not asked for again. */
function isSame(
  newest: EventSchema,
  { schema, policy, upcast }: Pick<Proposal, 'schema' | 'policy' | 'upcast'>,
): boolean {
  const isSchema = canonical(newest.schema) === canonical(schema);
  return isSchema && newest.policy === policy && (upcast === null || canonical(newest.upcast) === canonical(upcast));
}

function sizeFaults(path: string, value: unknown): Fault[] {
  const size = JSON.stringify(value).length;
  if (size <= LARGEST_SCHEMA) return [];
  return [{ path, message: `takes at most ${LARGEST_SCHEMA} characters of JSON, not ${size}` }];
}

const placed = (place: string, faults: readonly Fault[]) =>
  faults.map(({ path, message }) => ({ path: placeIn(place, path), message }));

function refuse(code: 'invalid_request' | 'expression_invalid' | 'event_schema_incompatible', errors: Fault[]): void {
  if (errors.length > 0) throw new MyelinError(code, sayFaults(errors), { errors: errors.slice(0, 100) });
}
