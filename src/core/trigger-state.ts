/** How a trigger is getting on that listens by itself; `error` recovers by itself, as soon as what is wrong is mended. */
export type TriggerStatus = 'starting' | 'running' | 'error';
