/** How a replay of messages is. */
export type ReplayStatus = 'running' | 'completed' | 'failed' | 'canceled';
