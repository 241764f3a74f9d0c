/**
 * An event of the engine as those outside see it: a CloudEvent in structured mode. Of one stream they are in order, and
 * `id` is the same when one comes again. An event has no name of a workflow in its source: that may change.
 */
import { UPCASTERS } from '../session/upcast.ts';

/** An event of an execution or a session, as it lies in the store. */
export interface FeedEvent {
  /** Of the execution or the session. */
  readonly streamId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** JSON; null: it is longer than `LARGEST_FEED_DATA`. */
  readonly data: string | null;
}

/** Bytes of JSON. Brokers refuse messages of above 1 MB, and the attributes need room too. */
export const LARGEST_FEED_DATA = 512 * 1024;

export const FEED_CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

export const feedId = ({ streamId, seq }: FeedEvent): string => `${streamId}/${seq}`;

/** JSON text; `publicUrl` without a slash at its end. Data that is left out is where `dataref` leads. */
export function feedMessage(event: FeedEvent, publicUrl: string): string {
  const { streamId, seq, type, at, data } = event;
  const source = `${Object.hasOwn(UPCASTERS, type) ? '/sessions' : '/executions'}/${streamId}`;
  const attributes = {
    specversion: '1.0',
    id: feedId(event),
    source,
    type: `myelin.${type}`,
    subject: streamId,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    partitionkey: streamId,
    // Compared as text, so all are of one length.
    sequence: String(seq).padStart(10, '0'),
    ...(data === null && { dataref: `${publicUrl}/api${source}/events?after=${seq - 1}&limit=1` }),
  };
  const text = JSON.stringify(attributes);
  // As it was written: nothing of it is read on the way.
  return data === null ? text : `${text.slice(0, -1)},"data":${data}}`;
}
