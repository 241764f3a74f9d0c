/** What a trigger is: its name and its settings. The editors for expressions come when it opens. */
import { lazy, Suspense } from 'react';
import type { TriggerTypeAnswer } from '../../../../../src/contract/node-types.ts';
import { Loading } from '../../../components/loading.tsx';
import type { TriggerDefinition } from '../../../graph/document.ts';

const TriggerBody = lazy(() => import('./trigger-body.tsx'));

export interface TriggerPanelProps {
  readonly trigger: TriggerDefinition;
  readonly type: TriggerTypeAnswer | undefined;
  /** Relative to the trigger: `path`. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  readonly onChange: (next: TriggerDefinition) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

export const TriggerPanel = (props: TriggerPanelProps) => (
  <Suspense fallback={<Loading />}>
    <TriggerBody {...props} />
  </Suspense>
);
