/** Where there is no dead letter: how one comes to be, or which filter hides it. */
import { Link, useNavigate } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { isFiltered, type LetterSearch } from './letter-search.ts';

export function NoLetters({ search }: { readonly search: LetterSearch }) {
  const navigate = useNavigate();
  if (isFiltered(search)) {
    const clear = () =>
      void navigate({ to: '/dead-letters', search: search.view ? { view: search.view } : {}, replace: true });
    return (
      <Empty
        icon={<MailCheck size={20} />}
        title="Nothing fits these filters"
        action={<Button onClick={clear}>Show what is new</Button>}
      />
    );
  }
  return (
    <Empty
      icon={<MailCheck size={20} />}
      title="Nothing has failed for good"
      action={
        <Link to="/dead-letters" search={{ view: 'rules' }} className="text-accent hover:underline">
          What is tried again by itself
        </Link>
      }
    >
      When an execution has used up its retries, or a message cannot be delivered, a dead letter keeps what it was about
      until somebody tries it again or puts it away.
    </Empty>
  );
}
