/** The log of webhooks that were sent to others, attempt by attempt. */

export interface DeliveryStore {
  /** `data` is the JSON that it said; null: it is not kept. */
  note(delivery: NewDelivery, data: string | null): Promise<void>;
  /** Newest first. */
  list(projectId: string, filter: DeliveryFilter): Promise<Delivery[]>;
  get(projectId: string, id: string): Promise<KeptDelivery | undefined>;
  /**
   * Writes the entry of one that is about to be sent again. Where one that repeats the same has the same key, nothing
   * is written, and it is the answer.
   */
  begin(delivery: NewDelivery, key: string | null): Promise<Delivery | undefined>;
  /** What became of one that was begun. */
  settle(delivery: NewDelivery): Promise<void>;
}

interface DeliveryFilter {
  readonly connection?: string;
  readonly executionId?: string;
  /** Only those that were not taken: no answer, or a status from 300 on. */
  readonly failed?: boolean;
  /** Older than this id. */
  readonly before?: string;
  readonly limit: number;
}

export interface NewDelivery {
  /** UUIDv7. */
  readonly id: string;
  readonly projectId: string;
  readonly executionId: string;
  readonly path: string;
  /** Of the node; that of the one it repeats. */
  readonly attempt: number;
  /** Name of the connection. */
  readonly connection: string;
  /** Of the event. */
  readonly type: string;
  /** `webhook-id`, the same for every attempt, and where it is sent again. */
  readonly messageId: string;
  /** The attempt of the node that somebody has sent again by this one; null: it is an attempt of the node. */
  readonly repeats: string | null;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** Code of why there was none. */
  readonly error: string | null;
  /** The beginning of the answer, without secrets; null where there is none, or the workflow masks what comes in. */
  readonly response: string | null;
  readonly durationMs: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Delivery extends NewDelivery {
  /** What it said is kept, so it can be sent again. */
  readonly isKept: boolean;
}

interface KeptDelivery {
  readonly delivery: Delivery;
  /** What the attempt of the node said, in JSON, and when; null: it is not kept. */
  readonly said: { readonly data: string; readonly at: number } | null;
}
