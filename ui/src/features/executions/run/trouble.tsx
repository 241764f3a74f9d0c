/** Why it failed, at the top of the page: where, what to do, and the way on from there. */
import { useMemo } from 'react';
import { isFinal } from '../../../../../src/core/execution/status.ts';
import { culpritAmong } from './culprit.ts';
import { Failure } from './failure.tsx';
import { NodeActions } from './node-actions.tsx';
import { useFarCulprit } from './reading.ts';
import { useRun } from './view.tsx';

export function Trouble() {
  const { execution, choose, at } = useRun();
  const { id, error, nodes, status } = execution;
  const { node, around } = useMemo(() => culpritAmong(nodes, error?.code ?? ''), [nodes, error?.code]);
  const far = useFarCulprit(id, around, at);
  if (error === null) return null;
  const culprit = node ?? far.data ?? undefined;
  return (
    <section aria-label="Error" className="max-h-60 shrink-0 overflow-auto border-line border-b px-4 py-2 md:px-6">
      <Failure error={error} path={culprit?.path ?? around} onPath={choose} isMild={isFinal(status)}>
        {culprit && <NodeActions key={culprit.path} node={culprit} />}
      </Failure>
    </section>
  );
}
