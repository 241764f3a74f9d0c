/** What every part of the page of an execution knows: which one, how it is, at which moment, which node is chosen. */
import { createContext, use } from 'react';
import type { Execution } from '../../../../../src/contract/executions.ts';
import type { Definition } from '../../../graph/document.ts';
import type { EventStore } from './event-store.ts';

export interface RunView {
  readonly execution: Execution;
  /** Undefined where the workflow was deleted. */
  readonly definition: Definition | undefined;
  readonly store: EventStore;
  /** Sequence number of the event that is looked back to; undefined: now. */
  readonly at: number | undefined;
  /** When that event was, as an ISO string: what goes on there is measured up to it. */
  readonly moment: string | undefined;
  readonly node: string | undefined;
  readonly choose: (path: string | undefined) => void;
  readonly goTo: (at: number | undefined) => void;
}

const RunContext = createContext<RunView | null>(null);
export const RunProvider = RunContext.Provider;

export function useRun(): RunView {
  const view = use(RunContext);
  if (view === null) throw new Error('This part belongs into the page of an execution');
  return view;
}
