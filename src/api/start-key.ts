/** Idempotency keys of starts: apart for each workflow and trigger, and never too long for an index. */
import { createHash } from 'node:crypto';

const LONGEST = 200;

/** `key` as the caller sent it. */
export function startKey(workflowId: string, trigger: string, key: string): string {
  const own = key.length > LONGEST ? `sha256:${createHash('sha256').update(key).digest('hex')}` : key;
  return `${workflowId}/${trigger}/${own}`;
}
