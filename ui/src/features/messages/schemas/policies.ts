/** What becomes of a message that does not fit, in words. */
import type { Policy } from '../../../../../src/core/event-schema/event-schema.ts';

export const POLICY_WORDS: Readonly<Record<Policy, string>> = {
  reject: 'it is not taken',
  dead_letter: 'it becomes a dead letter',
  allow: 'it is delivered, with a warning',
};

export const POLICY_OPTIONS = (Object.keys(POLICY_WORDS) as Policy[]).map((value) => ({
  value,
  label: `${value}: ${POLICY_WORDS[value]}`,
}));
