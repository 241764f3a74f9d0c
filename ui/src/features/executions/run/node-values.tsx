/** What went into a node and what came out of it; what is large is read when somebody asks for it. */
import { useState } from 'react';
import type { NodeDetailAnswer } from '../../../../../src/contract/execution-nodes.ts';
import { Button } from '../../../components/button.tsx';
import { LARGE, sizeOf } from '../../../components/bytes.ts';
import { JsonView } from '../../../components/json-view.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Part } from './part.tsx';
import { useNodeValues } from './reading.ts';
import { useRun } from './view.tsx';

export function NodeValues({ node }: { readonly node: NodeDetailAnswer }) {
  const { execution, at } = useRun();
  const { status, port, inputBytes = 0, outputBytes = 0 } = node;
  const size = inputBytes + (status === 'completed' ? outputBytes : 0);
  const [isAsked, setAsked] = useState(false);
  const isWanted = size <= LARGE || isAsked;
  const { data, error, refetch } = useNodeValues(execution.id, node, at, isWanted);
  if (!isWanted && !data) return <Button onClick={() => setAsked(true)}>Load its values, {sizeOf(size)}</Button>;
  if (error && !data) return <ProblemNote error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <Part title="Input">
        <JsonView value={data.input ?? null} depth={2} />
      </Part>
      {status === 'completed' && (
        <Part title={port === null || port === 'out' ? 'Output' : `Output · left by ${port}`}>
          <JsonView value={data.output ?? null} depth={2} />
        </Part>
      )}
    </>
  );
}
