/** Which of the webhooks that were sent are meant, as the address has it, and which of them were taken. */
import type { DeliveryAnswer } from '../../../../src/contract/deliveries.ts';
import type { Request } from '../../api/call.ts';

export interface SentSearch {
  /** `true`: only those that were not taken. */
  readonly failed?: string;
  /** Name of the connection. */
  readonly connection?: string;
  /** Id of the execution. */
  readonly execution?: string;
}

export const ALL_SENT = { failed: '', connection: '', execution: '' };

/** Of whole searches: what is none of a filter stays out of it. */
const sentOf = ({ failed, connection, execution }: SentSearch) => ({
  failed,
  connection,
  execution: execution?.trim(),
});

export const sentRequest = (search: SentSearch): Request<'listDeliveries'> => ({ query: sentOf(search) });

export const isNarrowed = (search: SentSearch): boolean => Object.values(sentOf(search)).some(Boolean);

/** As the server counts: a redirection is not followed. */
export const isTaken = ({ status }: Pick<DeliveryAnswer, 'status'>): boolean => status !== null && status < 300;
