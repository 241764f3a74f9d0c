/** Which executions are chosen: some of those that are shown, or all that fit the filters. */
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';
import { CANCELABLE, RETRYABLE, type Status } from '../../../../src/core/execution/status.ts';

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

type Verb = 'cancel' | 'retry';

const ABLE: Readonly<Record<Verb, readonly Status[]>> = { cancel: CANCELABLE, retry: RETRYABLE };

export const isAble = (verb: Verb, { status }: Pick<ExecutionSummary, 'status'>): boolean =>
  ABLE[verb].includes(status);

/** Of these statuses, or of any, those in which it can be done. */
export const statusesFor = (verb: Verb, statuses: readonly Status[] | undefined): readonly Status[] =>
  ABLE[verb].filter((one) => statuses?.includes(one) ?? true);

interface Counted {
  readonly count: number;
  readonly whole: boolean;
}

/** Such as `1,234`, or `10,000+` where it was not counted further. */
export const countWords = ({ count, whole }: Counted): string => `${count.toLocaleString('en-US')}${whole ? '' : '+'}`;
