/** How triggers and nodes of RabbitMQ ask for an exchange that may not be there yet. */
import { z } from 'zod';

export const declareField = z
  .strictObject({
    kind: z.enum(['direct', 'topic', 'fanout', 'headers']),
    durable: z.boolean().optional().describe('It stays when the server starts anew; default true'),
  })
  .describe('Makes the exchange where it is missing; without it, the exchange must be there');
export type ExchangeDeclaration = z.output<typeof declareField>;
