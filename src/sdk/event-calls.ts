/** Calls of messages: send them, read their log, and replay it. */
import type { z } from 'zod';
import type { GroupResetBody } from '../contract/event-groups.ts';
import type { NewEventSchema } from '../contract/event-schemas.ts';
import type { messagesQuery } from '../contract/events.ts';
import type { pageQuery } from '../contract/page.ts';
import type { DryReplay, ReplayAnswer, ReplayBody } from '../contract/replays.ts';
import type { CallOptions } from './call-options.ts';
import type { Transport } from './transport.ts';

/** A CloudEvent, or as much of one as you know. */
export interface EventToSend {
  readonly type: string;
  readonly data?: unknown;
  /** Messages of one key are delivered in order. */
  readonly key?: string | undefined;
  readonly topic?: string | undefined;
  readonly subject?: string | undefined;
  /** With `id` it names the message: the same within 24 h is the same message. */
  readonly source?: string | undefined;
  readonly id?: string | undefined;
  readonly [attribute: string]: unknown;
}

export function eventCalls(transport: Transport) {
  return {
    /** Sends one message, or many in one transaction, and returns their ids. */
    send: async (
      events: EventToSend | EventToSend[],
      { idempotencyKey, signal }: CallOptions & { readonly idempotencyKey?: string } = {},
    ) => {
      const headers = { 'idempotency-key': idempotencyKey };
      return (await transport.call('sendEvents', { body: events, headers, signal })).ids;
    },
    schemas: schemaCalls(transport),
    /** A page of the log, newest first. */
    list: (query: z.input<typeof messagesQuery> = {}, o: CallOptions = {}) =>
      transport.call('listEvents', { query, ...o }),
    /** The message at this position of the log, with what it says. */
    get: (position: number, o: CallOptions = {}) =>
      transport.call('getEvent', { params: { position: String(position) }, ...o }),
  };
}

export function eventGroupCalls(transport: Transport) {
  return {
    /** A page of groups of event triggers, with how far behind each is. */
    list: (query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listEventGroups', { query, ...o }),
    get: (id: string, o: CallOptions = {}) => transport.call('getEventGroup', { params: { id }, ...o }),
    /** Sets it to another place of the log: `earliest`, `latest` or a time. */
    reset: (id: string, body: GroupResetBody, o: CallOptions = {}) =>
      transport.call('resetEventGroup', { params: { id }, body, ...o }),
  };
}

export function replayCalls(transport: Transport) {
  // `dryRun` says which of the two answers comes; the types of the methods keep them apart.
  const start = (body: ReplayBody, o: CallOptions) => transport.call('startReplay', { body, ...o });
  return {
    /** Starts the workflow once more with messages of the log. It goes on by itself: `get` says how far it is. */
    start: (replay: Omit<ReplayBody, 'dryRun'>, o: CallOptions = {}) => start(replay, o) as Promise<ReplayAnswer>,
    /** What would be replayed. */
    dryRun: (replay: Omit<ReplayBody, 'dryRun'>, o: CallOptions = {}) =>
      start({ ...replay, dryRun: true }, o) as Promise<DryReplay>,
    /** A page of them, newest first. */
    list: (query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listReplays', { query, ...o }),
    get: (id: string, o: CallOptions = {}) => transport.call('getReplay', { params: { id }, ...o }),
    /** Stops it where it is. */
    cancel: (id: string, o: CallOptions = {}) => transport.call('cancelReplay', { params: { id }, ...o }),
  };
}

function schemaCalls(transport: Transport) {
  return {
    /** By type, each with its newest version. */
    list: (query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listEventSchemas', { query, ...o }),
    /** The newest version where none is named. */
    get: (type: string, { version, ...o }: CallOptions & { readonly version?: number } = {}) =>
      version === undefined
        ? transport.call('getEventSchema', { params: { type }, ...o })
        : transport.call('getEventSchemaVersion', { params: { type, version: String(version) }, ...o }),
    /** Throws `event_schema_incompatible` where readers of the version before would break. */
    put: (type: string, schema: NewEventSchema, o: CallOptions = {}) =>
      transport.call('putEventSchema', { params: { type }, body: schema, ...o }),
    /** Throws `event_schema_in_use` while messages or workflows need it. */
    delete: (type: string, o: CallOptions = {}) => transport.call('deleteEventSchema', { params: { type }, ...o }),
  };
}
