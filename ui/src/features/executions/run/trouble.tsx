/** Why it failed, at the top of the page: where, what to do, and the way on from there. */
import { isFinal } from '../../../../../src/core/execution/status.ts';
import { Failure } from './failure.tsx';
import { NodeActions } from './node-actions.tsx';
import { useRun } from './view.tsx';

export function Trouble() {
  const { execution, choose } = useRun();
  const { error, nodes, status } = execution;
  if (error === null) return null;
  // The innermost is the one that failed; containers around it only say so again.
  const failed = nodes.filter((node) => node.status === 'failed' && node.port === null && node.progress === undefined);
  const culprit = failed.find((node) => node.error?.code === error.code) ?? failed[0];
  return (
    <section aria-label="Error" className="max-h-60 shrink-0 overflow-auto border-line border-b px-4 py-2 md:px-6">
      <Failure error={error} path={culprit?.path} onPath={choose} isMild={isFinal(status)}>
        {culprit && <NodeActions key={culprit.path} node={culprit} />}
      </Failure>
    </section>
  );
}
