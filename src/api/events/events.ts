/** POST /api/events: messages from outside go where those of `emit` nodes go, into the log. */
import type { FastifyInstance } from 'fastify';
import type { EventInput } from '../../contract/events.ts';
import type { CloudEvent } from '../../core/cloud-event.ts';
import { derivedId } from '../../engine/derived-id.ts';
import type { NewMessage } from '../../ports/messages.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';
import { checked } from './checked-events.ts';
import { readEvents } from './read-events.ts';

/** How long a message that was sent is known by its source and id. */
const UNIQUE_MS = 24 * 3_600_000;
const SOURCE = '/api/events';

export async function events(
  scope: FastifyInstance,
  deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>,
): Promise<void> {
  const { store, runtime } = deps;
  const { schemas } = deps.engine;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

  operation(scope, 'sendEvents', async ({ projectId, headers, body, request }) => {
    const key = headers['idempotency-key'];
    const now = runtime.now();
    const time = new Date(now).toISOString();
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const given = readEvents(request.headers, raw);
    const { addresses, warnings } = checked(schemas, projectId, given);
    const messages = given.map(({ input }, at): NewMessage => {
      const known = input.id ?? (key === undefined ? undefined : derivedId(projectId, key, at));
      const event = toEvent(input, addresses[at], known ?? runtime.id(), time);
      return { projectId, event, ...(known === undefined ? {} : { uniqueUntil: now + UNIQUE_MS }) };
    });
    await store.messages.add(messages);
    return { ids: messages.map(({ event }) => event.id), ...(warnings.length > 0 && { warnings }) };
  });
}

/** What has no value is left out. Set one by one: for a batch of thousands spreading each costs more than its parsing. */
function toEvent({ key, ...given }: EventInput, dataschema: string | undefined, id: string, time: string): CloudEvent {
  const event: { -readonly [Name in keyof CloudEvent]: CloudEvent[Name] } = {
    ...given,
    specversion: '1.0',
    id,
    source: given.source ?? SOURCE,
    time: given.time ?? time,
  };
  if (dataschema !== undefined) event.dataschema = dataschema;
  if (key !== undefined) event.partitionkey = key;
  if (given.data !== undefined && given.datacontenttype === undefined) event.datacontenttype = 'application/json';
  return event;
}
