/** What a node is: its name, what it is for, its config. The editors for expressions come when it opens. */
import { lazy, Suspense } from 'react';
import { Loading } from '../../../components/loading.tsx';
import type { NodePanelProps } from './panel-props.ts';

const NodeBody = lazy(() => import('./node-body.tsx'));

export const NodePanel = (props: NodePanelProps) => (
  <Suspense fallback={<Loading />}>
    <NodeBody {...props} />
  </Suspense>
);
