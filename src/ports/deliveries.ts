/** The log of webhooks that were sent to others, attempt by attempt. */

export interface DeliveryStore {
  note(delivery: Delivery): Promise<void>;
  /** Newest first. */
  list(projectId: string, filter: DeliveryFilter): Promise<Delivery[]>;
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

export interface Delivery {
  /** UUIDv7. */
  readonly id: string;
  readonly projectId: string;
  readonly executionId: string;
  readonly path: string;
  readonly attempt: number;
  /** Name of the connection. */
  readonly connection: string;
  /** Of the event. */
  readonly type: string;
  /** `webhook-id`, the same for every attempt. */
  readonly messageId: string;
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
