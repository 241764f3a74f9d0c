/** POST /api/events: messages from outside go where those of `emit` nodes go, into the outbox. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { EventInput } from '../../contract/events.ts';
import type { CloudEvent } from '../../core/cloud-event.ts';
import type { NewMessage } from '../../ports/outbox.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';
import { readEvents } from './read-events.ts';

/** How long a message that was sent is known by its source and id. */
const UNIQUE_MS = 24 * 3_600_000;
const SOURCE = '/api/events';

export async function events(scope: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'runtime'>): Promise<void> {
  const { store, runtime } = deps;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

  operation(scope, 'sendEvents', async ({ projectId, headers, body, request }) => {
    const key = headers['idempotency-key'];
    const now = runtime.now();
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const messages = readEvents(request.headers, raw).map((input, at): NewMessage => {
      const known = input.id ?? (key === undefined ? undefined : idOf(projectId, key, at));
      const event = toEvent(input, known ?? runtime.id(), now);
      return { projectId, event, ...(known === undefined ? {} : { uniqueUntil: now + UNIQUE_MS }) };
    });
    await store.outbox.add(messages);
    return { ids: messages.map(({ event }) => event.id) };
  });
}

/** What has no value is left out. */
function toEvent({ key, ...given }: EventInput, id: string, now: number): CloudEvent {
  return {
    ...given,
    specversion: '1.0',
    id,
    source: given.source ?? SOURCE,
    time: given.time ?? new Date(now).toISOString(),
    ...(key === undefined ? {} : { partitionkey: key }),
    ...(given.data === undefined || given.datacontenttype !== undefined ? {} : { datacontenttype: 'application/json' }),
  };
}

/** The same key makes the same ids (UUIDv8): so the message is known when it is sent again, and the answer is the same. */
function idOf(projectId: string, key: string, at: number): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([projectId, key, at]))
    .digest('hex');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
