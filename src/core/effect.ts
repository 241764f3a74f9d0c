/** What a node does to the world. Retry, recovery, forking, replaying and simulation decide from this one word. */
export const EFFECTS = ['pure', 'read', 'idempotent', 'reconcilable', 'irreversible'] as const;
export type Effect = (typeof EFFECTS)[number];

export const strongestOf = (effects: readonly Effect[]): Effect =>
  effects.reduce((a, b) => (EFFECTS.indexOf(a) < EFFECTS.indexOf(b) ? b : a), 'pure');
