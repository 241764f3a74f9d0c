import type { Subscription } from '../ports/brokers.ts';

/** What of a subscription most tests of a broker do not look at. */
export const UNHEARD: Omit<Subscription, 'connection' | 'config' | 'group' | 'batch' | 'take'> = {
  ready: async () => undefined,
  takeNow: async () => undefined,
  remembered: async () => ({}),
  remember: async () => undefined,
  listening: () => undefined,
  lag: () => undefined,
};
