/** How far the work on many executions is. */
import { Link } from '@tanstack/react-router';
import { BulkProgress, type OrderWords } from '../../components/bulk/bulk-progress.tsx';
import { executionBulk, type Order } from './bulk.ts';

export const ExecutionProgress = () => (
  <BulkProgress
    bulk={executionBulk}
    label="Work on many executions"
    wordsOf={wordsOf}
    linkTo={(id) => (
      <Link to="/executions/$id" params={{ id }} className="font-mono text-accent text-xs hover:underline">
        {id.slice(-12)}
      </Link>
    )}
  />
);

function wordsOf({ verb, what, target }: Order): OrderWords {
  const total = 'ids' in target ? target.ids.length : target.total;
  return verb === 'cancel'
    ? {
        ...{ total, what, working: `Canceling ${what}`, ended: `Canceled ${what}`, done: 'canceled' },
        refused: 'They are being undone: cancel these one by one',
      }
    : {
        ...{ total, what, working: `Retrying ${what}`, ended: `Retried ${what}`, done: 'go on' },
        refused: 'An effect of these is in doubt: say of each what became of it',
      };
}
