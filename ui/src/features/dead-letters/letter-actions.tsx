/** What can be done with a letter: try it again, take it in hand, put it away. */
import { Archive, Hand, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { DeadLetter } from '../../../../src/contract/dead-letters.ts';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { toast } from '../../components/toast.tsx';
import { NoteDialog } from './note-dialog.tsx';

export const isOpen = ({ status }: Pick<DeadLetter, 'status'>): boolean => status === 'NEW' || status === 'REVIEWED';

export function LetterActions({ letter }: { readonly letter: DeadLetter }) {
  const { id, status, error } = letter;
  const [asking, setAsking] = useState<'review' | 'archive'>();
  const params = { params: { id } };
  const requeue = useAction('requeueDeadLetter', {
    done: () => toast({ tone: 'ok', title: 'It is tried again; this page says what becomes of it.' }),
  });
  const review = useAction('reviewDeadLetter', { done: () => toast({ tone: 'ok', title: 'It is in your hands' }) });
  const archive = useAction('archiveDeadLetter', { done: () => toast({ tone: 'ok', title: 'It is archived' }) });
  const again = (run: () => void) => (
    <Button
      operation="requeueDeadLetter"
      kind="primary"
      icon={<RotateCcw size={14} />}
      disabled={!isOpen(letter)}
      title={isOpen(letter) ? undefined : `It is ${status.toLowerCase()} already`}
      busy={requeue.isPending}
      onClick={run}
    >
      Requeue
    </Button>
  );
  const close = () => setAsking(undefined);
  return (
    <>
      {status === 'NEW' && (
        <Button
          operation="reviewDeadLetter"
          icon={<Hand size={14} />}
          busy={review.isPending}
          onClick={() => setAsking('review')}
        >
          Take in hand
        </Button>
      )}
      {status !== 'ARCHIVED' && (
        <Button
          operation="archiveDeadLetter"
          icon={<Archive size={14} />}
          busy={archive.isPending}
          onClick={() => setAsking('archive')}
        >
          Archive
        </Button>
      )}
      {error.code === 'in_doubt' ? (
        <Confirm
          title="Do it again?"
          description="Nobody knows if its effect happened. Look at the target first: trying again may do it twice."
          confirm="Try again"
          run={() => requeue.mutate({ ...params, body: {} })}
        >
          {again}
        </Confirm>
      ) : (
        again(() => requeue.mutate({ ...params, body: {} }))
      )}
      {asking === 'review' && (
        <NoteDialog
          title="Take it in hand"
          description="No rule tries it again from now on; it waits for you."
          confirm="Take in hand"
          onClose={close}
          run={(body) => review.mutate({ ...params, body })}
        />
      )}
      {asking === 'archive' && (
        <NoteDialog
          title="Archive it"
          description="It is put away and not tried again."
          confirm="Archive"
          onClose={close}
          run={(body) => archive.mutate({ ...params, body })}
        />
      )}
    </>
  );
}
