/** Messages that come in, as the schemas of their types have them. */
import type { Fault } from '../../core/errors.ts';
import type { Schemas } from '../../ports/event-schemas.ts';
import { type PlacedEvent, refusal } from './read-events.ts';

const MOST_WARNINGS = 100;

interface CheckedEvents {
  /** Of each, that of the version it is written under; undefined: its type has no schema. */
  readonly addresses: readonly (string | undefined)[];
  readonly warnings: string[];
}

/** Throws `invalid_request` with all faults where one is to be refused, so that a list is written whole or not at all. */
export function checked(schemas: Schemas, projectId: string, events: readonly PlacedEvent[]): CheckedEvents {
  const refused: Fault[] = [];
  const unfit: Fault[] = [];
  const addresses = events.map(({ input, place }) => {
    const found = schemas.check(projectId, input);
    if (found === undefined) return undefined;
    const words = `(schema ${found.version.version} of ${input.type})`;
    const faults = found.faults.map(({ path, message }) => ({
      path: placeOf(place, path),
      message: `${message} ${words}`,
    }));
    (found.refused ? refused : unfit).push(...faults);
    return found.dataschema;
  });
  if (refused.length > 0) throw refusal(refused);
  return { addresses, warnings: unfit.slice(0, MOST_WARNINGS).map(({ path, message }) => `${path}: ${message}`) };
}

/** In binary mode `data` is the body, and the rest are headers. */
function placeOf(place: string | null, path: string): string {
  if (place !== null) return `${place}.${path}`;
  return /^data(?![a-z_])/.test(path) ? path.replace('data', 'body') : `headers.${path}`;
}
