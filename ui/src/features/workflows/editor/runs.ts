/** Running the workflow as it was saved, and testing the draft as it stands. */
import { useState } from 'react';
import type { Execution } from '../../../../../src/contract/executions.ts';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { call } from '../../../api/call.ts';
import { forgetDraft } from '../../../components/draft.ts';
import type { Definition } from '../../../graph/document.ts';
import { inputSchemaOf } from '../input-schema.ts';
import type { DraftHandle } from './draft.ts';
import { useExecution, useNewest } from './last-run.ts';
import type { PinsHandle } from './pins.ts';
import { readOutput, useTrigger } from './run-values.ts';
import type { Saving } from './saving.ts';
import { noteOf, testOf } from './test-of.ts';

export type Asked =
  | { readonly kind: 'run' }
  | { readonly kind: 'test'; readonly until?: string; readonly alone?: boolean };

export interface Runs {
  readonly run: Execution | undefined;
  /** What waits for its input; undefined: nothing. */
  readonly asked: Asked | undefined;
  readonly ask: (asked: Asked | undefined) => void;
  /** What the test of one node takes from before. */
  readonly note: string | undefined;
  /** The input of the last run. A form begins with it only where a form or a caller gave it: of a webhook it is something else. */
  readonly last: unknown;
  readonly start: (input: unknown) => Promise<void>;
  /** The new workflow was saved, and has an id: what was tested stays in sight. */
  readonly moveTo: (workflow: string) => void;
  readonly busy: boolean;
  readonly problem: Error | null;
}

/** Where what was typed as the input of a workflow is kept. */
export const inputDraft = (workflow: string): string => `input.${workflow}`;

/** Its `$trigger` is what a form or a caller gave. */
const wasByHand = ({ triggerId }: Execution, { triggers = [] }: Definition): boolean =>
  triggerId === 'api' || triggerId === 'test' || triggers.some(({ id, type }) => id === triggerId && type === 'manual');

/** The last start of each workflow in this window. */
const started = new Map<string, string>();

export function useRuns(
  draft: DraftHandle,
  workflow: WorkflowAnswer | undefined,
  saving: Saving,
  pins: PinsHandle,
): Runs {
  const newest = useNewest(workflow?.id);
  const [own, setOwn] = useState(() => started.get(draft.key));
  const [asked, setAsked] = useState<Asked>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error | null>(null);
  const run = useExecution(own ?? newest);
  const keep = (workflowId: string, executionId: string) => {
    forgetDraft(inputDraft(draft.key));
    // The next new workflow is another one.
    if (workflowId !== 'new') started.set(workflowId, executionId);
    setOwn(executionId);
    setAsked(undefined);
  };
  const start = async (input: unknown) => {
    if (asked === undefined) return;
    setBusy(true);
    setProblem(null);
    try {
      if (asked.kind === 'test') {
        const { until, alone } = asked;
        const body = { ...(await testOf(draft.definition, run, pins.pins, until, alone === true, readOutput)), input };
        const { executionId } = workflow
          ? await call('testWorkflow', { params: { id: workflow.id }, body })
          : await call('testDraft', { body });
        return keep(draft.key, executionId);
      }
      const saved = draft.dirty || workflow === undefined ? await saving.save() : workflow;
      if (saved === undefined) return setAsked(undefined);
      const answer = await call('executeWorkflow', { params: { id: saved.id }, body: { input } });
      if ('executionId' in answer) keep(saved.id, answer.executionId);
    } catch (error) {
      setProblem(error as Error);
    } finally {
      setBusy(false);
    }
  };
  const ask = (next: Asked | undefined) => {
    setProblem(null);
    setAsked(next);
  };
  const moveTo = (next: string) => {
    if (own !== undefined) started.set(next, own);
  };
  const { definition } = draft;
  const isLike = run !== undefined && (inputSchemaOf(definition) === undefined || wasByHand(run, definition));
  const last = useTrigger(isLike ? run : undefined, asked !== undefined);
  const note =
    asked?.kind === 'test' && asked.alone && asked.until !== undefined
      ? noteOf(draft.definition, run, pins.pins, asked.until)
      : undefined;
  return { run, asked, ask, start, note, last, moveTo, busy, problem };
}
