/** What of a project may have changed, for whoever shows it. `triggers`: their times; `usage`: what calls of models cost, and the budgets. */
export const TOPICS = [
  'executions',
  'approvals',
  'dead-letters',
  'sessions',
  'workflows',
  'triggers',
  'prompts',
  'connections',
  'keys',
  'usage',
  'messages',
  'replays',
  'event-groups',
] as const;
export type Topic = (typeof TOPICS)[number];
