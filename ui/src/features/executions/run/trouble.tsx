/** Why it failed, at the top of the page: where, what to do, and the way on from there. */
import { useMemo } from 'react';
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { isFinal } from '../../../../../src/core/execution/status.ts';
import { culpritAmong } from './culprit.ts';
import { Failure } from './failure.tsx';
import { NodeActions } from './node-actions.tsx';
import { useFarCulprit } from './reading.ts';
import { useIsNarrow } from './use-narrow.ts';
import { useRun } from './view.tsx';

interface What {
  readonly error: Execution['error'];
  readonly culprit: ExecutionNode | undefined;
  /** Of the container that the culprit lies in, until it is known. */
  readonly around: string | undefined;
}

/** An execution has its error when it has ended; while it is being undone its node has it. */
function useTrouble(): What {
  const { execution, at } = useRun();
  const { id, error, nodes, status } = execution;
  const isUndone = error === null && status === 'compensating';
  const { node, around } = useMemo(() => culpritAmong(nodes, error?.code ?? ''), [nodes, error?.code]);
  const far = useFarCulprit(id, error === null && !isUndone ? undefined : around, at);
  const culprit = node ?? far.data ?? undefined;
  return { error: isUndone ? (culprit?.error ?? null) : error, culprit, around };
}

/** Does the top of the page say the error of this node, in sight? A telephone has its panel over all of it. */
export function useIsSaidAbove({ path, error }: Pick<ExecutionNode, 'path' | 'error'>): boolean {
  const above = useTrouble();
  const isNarrow = useIsNarrow();
  return !isNarrow && above.culprit?.path === path && above.error?.message === error?.message;
}

export function Trouble() {
  const { execution, choose } = useRun();
  const { error, culprit, around } = useTrouble();
  const { status } = execution;
  if (error === null) return null;
  const isUndone = status === 'compensating';
  return (
    <section aria-label="Error" className="max-h-60 shrink-0 overflow-auto border-line border-b px-4 py-2 md:px-6">
      <Failure error={error} path={culprit?.path ?? around} onPath={choose} isMild={isUndone || isFinal(status)}>
        {isUndone ? (
          <p className="text-muted">What was done before it is being undone.</p>
        ) : (
          culprit && <NodeActions key={culprit.path} node={culprit} />
        )}
      </Failure>
    </section>
  );
}
