/** How a trigger is getting on that listens by itself; `error` recovers by itself, as soon as what is wrong is mended. */
export const TRIGGER_STATUSES = ['starting', 'running', 'error'] as const;
export type TriggerStatus = (typeof TRIGGER_STATUSES)[number];
