/** What went in at the start, and what came out at the end. */
import { useState } from 'react';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { Button } from '../../../components/button.tsx';
import { LARGE, sizeOf } from '../../../components/bytes.ts';
import { JsonView } from '../../../components/json-view.tsx';
import { Loading } from '../../../components/loading.tsx';
import { Panel } from '../../../components/page.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { useWholeValues } from './reading.ts';
import { useRun } from './view.tsx';

export default function ValuesView() {
  const { execution } = useRun();
  const size = (execution.triggerBytes ?? 0) + (execution.outputBytes ?? 0);
  const [isWanted, setWanted] = useState(false);
  if (size <= LARGE || isWanted) return <Values />;
  return (
    <div className="p-6">
      <Button onClick={() => setWanted(true)}>Load {sizeOf(size)}</Button>
    </div>
  );
}

function Values() {
  const { execution } = useRun();
  const values = useWholeValues(execution);
  if (values.error && !values.data) {
    return (
      <div className="p-4">
        <ProblemNote error={values.error} retry={() => void values.refetch()} />
      </div>
    );
  }
  if (!values.data) return <Loading />;
  const { trigger, output } = values.data;
  return (
    <div className="grid h-full content-start gap-4 overflow-auto p-4 md:px-6 lg:grid-cols-2">
      <Panel title={`Input · by ${execution.triggerId}`}>
        <JsonView value={trigger ?? null} depth={3} />
      </Panel>
      <Panel title="Output">
        {execution.status === 'completed' ? (
          <JsonView value={output ?? null} depth={3} />
        ) : (
          <p className="text-muted">
            {hasEnded(execution.status) ? 'It ended without an output.' : 'It has none until it has completed.'}
          </p>
        )}
      </Panel>
    </div>
  );
}
