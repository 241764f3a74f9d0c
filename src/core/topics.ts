/** What of a project may have changed, for whoever shows it. `usage`: what calls of models cost, and the budgets. */
export const TOPICS = [
  'executions',
  'approvals',
  'dead-letters',
  'sessions',
  'workflows',
  'prompts',
  'connections',
  'usage',
  'messages',
  'replays',
] as const;
export type Topic = (typeof TOPICS)[number];
