import type { NewDelivery } from '../../ports/deliveries.ts';

/** A webhook that was sent, as the memory store keeps it. */
export interface DeliveryRecord {
  readonly delivery: NewDelivery;
  /** JSON. */
  readonly data: string | null;
  /** Of idempotency. */
  readonly key: string | null;
}
