/** What a trigger is: its name and its settings. The editors for expressions come when it opens. */
import { later } from '../../../components/early.tsx';

export const TriggerPanel = later(() => import('./trigger-body.tsx'));
