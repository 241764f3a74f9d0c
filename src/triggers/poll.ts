/** Asks something that does not tell by itself, again and again, and starts an execution for each item that is new. */
import { type PollConfig, pollConfig } from '../core/poll/config.ts';
import type { TriggerType } from '../core/trigger-type.ts';

export const poll: TriggerType<PollConfig> = {
  type: 'poll',
  version: 1,
  description: 'Looks at an address or into a database and starts for each item that is new or has changed.',
  example: {
    http: {
      url: 'https://api.example.com/orders',
      query: { since: '{{ $cursor }}' },
      auth: { type: 'bearer', token: '{{ $secrets.SHOP }}' },
      items: '{{ $json.orders }}',
    },
    every: '1m',
    cursor: '{{ $json.updatedAt }}',
    itemId: '{{ $json.id }}',
    first: 'none',
  },
  config: pollConfig,
  first: ['every', 'http', 'sql', 'cursor', 'itemId'],
};
