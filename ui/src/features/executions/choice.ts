/** Which executions are chosen: some of those that are shown, or all that fit the filters. */
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';
import { hasEnded, type Status } from '../../../../src/core/execution/status.ts';

export interface Choice {
  /** The filters it was made under: under others nothing is chosen. */
  readonly under: string;
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
}

export const nothing = (under: string): Choice => ({ under, ids: new Set(), isAll: false });

/** One more, or one less; of all that fit, those that are shown stay but for this one. */
export function toggled(choice: Choice, id: string, shown: readonly string[]): Choice {
  const ids = new Set(choice.isAll ? shown : choice.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ...choice, ids, isAll: false };
}

export const isRetryable = ({ status }: Pick<ExecutionSummary, 'status'>): boolean =>
  status === 'failed' || status === 'compensation_failed';
export const isCancelable = ({ status }: Pick<ExecutionSummary, 'status'>): boolean => !hasEnded(status);

const RETRYABLE: readonly Status[] = ['failed', 'compensation_failed'];
const CANCELABLE: readonly Status[] = ['pending', 'running', 'waiting', 'compensating'];

/** Of these statuses, or of any, those in which it can be done. */
export const statusesFor = (verb: 'cancel' | 'retry', statuses: readonly Status[] | undefined): readonly Status[] => {
  const able = verb === 'cancel' ? CANCELABLE : RETRYABLE;
  return able.filter((one) => statuses?.includes(one) ?? true);
};

interface Counted {
  readonly count: number;
  readonly whole: boolean;
}

/** Such as `1,234`, or `10,000+` where it was not counted further. */
export const countWords = ({ count, whole }: Counted): string => `${count.toLocaleString('en-US')}${whole ? '' : '+'}`;
