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
  refuse('invalid_request', schemaFaults(schema));
  refuse('expression_invalid', upcastFaults(upcast));
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

function schemaFaults(schema: unknown): Fault[] {
  const size = JSON.stringify(schema).length;
  if (size > LARGEST_SCHEMA) return [{ path: 'schema', message: tooLarge(size) }];
  return jsonSchemaFaults(schema).map(({ path, message }) => ({ path: placeIn('schema', path), message }));
}

function upcastFaults(upcast: unknown): Fault[] {
  const size = JSON.stringify(upcast).length;
  if (size > LARGEST_SCHEMA) return [{ path: 'upcast', message: tooLarge(size) }];
  return templateFaults(upcast, ['$data']).map(({ path, message }) => ({ path: placeIn('upcast', path), message }));
}

const tooLarge = (size: number) => `takes at most ${LARGEST_SCHEMA} characters of JSON, not ${size}`;

function refuse(code: 'invalid_request' | 'expression_invalid' | 'event_schema_incompatible', errors: Fault[]): void {
  if (errors.length > 0) throw new MyelinError(code, sayFaults(errors), { errors: errors.slice(0, 100) });
}
