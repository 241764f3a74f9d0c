/** How a replay of messages is. */
export const REPLAY_STATUSES = ['running', 'completed', 'failed', 'canceled'] as const;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];
