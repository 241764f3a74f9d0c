/** The links that decide without a key: for mail and chat. Behind a click, because whoever sees one can use it. */
import { Copy, Link2 } from 'lucide-react';
import type { Approval } from '../../../../src/contract/approvals.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';

export function DecisionLinks({ links }: { readonly links: NonNullable<Approval['links']> }) {
  return (
    <details className="text-muted">
      <summary className="inline-flex items-center gap-1.5 rounded-sm hover:text-text">
        <Link2 size={14} /> Decide by a link
      </summary>
      <p className="mt-2">
        Whoever has a link can decide, once and without a key. It opens a page with a button, and cannot fill in a form.
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button icon={<Copy size={14} />} onClick={() => void copy(links.approve, 'The link that approves is copied')}>
          Copy the link that approves
        </Button>
        <Button icon={<Copy size={14} />} onClick={() => void copy(links.reject, 'The link that rejects is copied')}>
          Copy the link that rejects
        </Button>
      </div>
    </details>
  );
}
