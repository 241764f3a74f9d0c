/** What a trigger is: its name and its settings. The editors for expressions come when it opens. */
import { lazy, Suspense } from 'react';
import { Loading } from '../../../components/loading.tsx';
import type { TriggerPanelProps } from './panel-props.ts';

const TriggerBody = lazy(() => import('./trigger-body.tsx'));

export const TriggerPanel = (props: TriggerPanelProps) => (
  <Suspense fallback={<Loading />}>
    <TriggerBody {...props} />
  </Suspense>
);
