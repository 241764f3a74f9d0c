/** Messages as the memory store keeps them, and where groups of event triggers are among them. */

export interface MessageRecord {
  readonly id: number;
  readonly projectId: string;
  /** JSON. */
  readonly event: string;
  readonly attempts: number;
  readonly retryAt: number | null;
  readonly createdAt: number;
}

/** Of a group of event triggers that was set back, began further back, or fell out once. */
export interface GroupRecord {
  readonly projectId: string;
  readonly name: string;
  turn: number;
  heldTo: number;
  gone: number;
  /** The last message that it read by itself, and when it was written; null: it is at the head. */
  place: { readonly id: number; readonly at: number } | null;
  movedAt: number;
  /** What it has read and has not got, by id. */
  readonly retries: Map<number, MessageRecord>;
  /** Somebody is at it: that is over when this resolves. */
  inHand: Promise<void> | null;
}
