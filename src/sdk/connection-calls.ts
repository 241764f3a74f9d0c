/** Calls about connections. No answer has a secret in it. */
import type { z } from 'zod';
import type { ConnectionChangeBody, NewConnectionBody } from '../contract/connections.ts';
import type { NewEventFeedBody } from '../contract/event-feed.ts';
import type { pageQuery } from '../contract/page.ts';
import type { CallOptions } from './call-options.ts';
import type { Transport } from './transport.ts';

export function connectionCalls(transport: Transport) {
  return {
    /** By name. */
    list: (query: z.input<typeof pageQuery> = {}, o: CallOptions = {}) =>
      transport.call('listConnections', { query, ...o }),
    /** `id` is an id or a name, here and below. */
    get: (id: string, o: CallOptions = {}) => transport.call('getConnection', { params: { id }, ...o }),
    create: (connection: NewConnectionBody, o: CallOptions = {}) =>
      transport.call('createConnection', { body: connection, ...o }),
    /** A secret that is left out stays, null removes one. */
    update: (id: string, change: ConnectionChangeBody, o: CallOptions = {}) =>
      transport.call('updateConnection', { params: { id }, body: change, ...o }),
    /** Throws `connection_in_use` while an active workflow names it. */
    delete: (id: string, o: CallOptions = {}) => transport.call('deleteConnection', { params: { id }, ...o }),
    /** What is wrong outside is not thrown: `ok` is false, and `message` says it. */
    test: (id: string, o: CallOptions = {}) => transport.call('testConnection', { params: { id }, ...o }),
    /** Encrypts all connections of the server by a new master key. */
    rotateKey: (o: CallOptions = {}) => transport.call('rotateConnectionKey', o),
    /** With the JSON Schema of each config; secret fields are `writeOnly`. */
    types: async (o: CallOptions = {}) => (await transport.call('listConnectionTypes', o)).items,
  };
}

export function eventFeedCalls(transport: Transport) {
  return {
    /** Where the events of the project go; null: nowhere. */
    get: async (o: CallOptions = {}) => (await transport.call('getEventFeed', o)).feed,
    /** Every event from now on, to a broker. */
    set: (feed: NewEventFeedBody, o: CallOptions = {}) => transport.call('putEventFeed', { body: feed, ...o }),
    /** What waits is not sent any more. */
    remove: (o: CallOptions = {}) => transport.call('deleteEventFeed', o),
  };
}
