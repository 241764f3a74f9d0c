/** What waits for a person: shown in the sidebar and in the title of the window. */
import { useEffect } from 'react';
import { useApi } from '../api/query.ts';
import { namesOf, useMe } from '../components/person.ts';

const MOST = 100;

export interface Counts {
  readonly approvals: number;
  readonly deadLetters: number;
}

export function useCounts(): Counts {
  // Of whoever is known, those that ask that person or nobody by name; of a stranger, all.
  const names = [...namesOf(useMe())];
  const approvals = useApi('countApprovals', {
    query: { status: 'open', limit: MOST, ...(names.length > 0 && { for: names }) },
  });
  const letters = useApi('countDeadLetters', { query: { status: 'NEW', limit: MOST } });
  const counts = { approvals: approvals.data?.count ?? 0, deadLetters: letters.data?.count ?? 0 };
  useBadge(counts.approvals);
  return counts;
}

/** `(3) Executions · Myelin`: seen also when another tab is in front. */
function useBadge(count: number): void {
  useEffect(() => {
    const mark = () => {
      const bare = document.title.replace(/^\(\d+\+?\) /, '');
      const wanted = count > 0 ? `(${count >= MOST ? '99+' : count}) ${bare}` : bare;
      if (document.title !== wanted) document.title = wanted;
    };
    mark();
    const watcher = new MutationObserver(mark);
    const title = document.querySelector('title');
    if (title) watcher.observe(title, { childList: true });
    return () => watcher.disconnect();
  }, [count]);
}
