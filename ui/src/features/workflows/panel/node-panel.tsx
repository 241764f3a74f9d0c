/** What a node is: its name, what it is for, its config. The editors for expressions come when it opens. */
import { later } from '../../../components/early.tsx';

export const NodePanel = later(() => import('./node-body.tsx'));
