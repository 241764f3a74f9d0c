/** What a list shows while it is read, when it failed, when it is empty; its rows otherwise. */
import type { ReactNode } from 'react';
import { Loading } from './loading.tsx';
import { ProblemNote } from './problem.tsx';

interface ListProps<A> {
  /** What `useApi` gives, or several of it made one. */
  readonly query: { readonly data: A | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  readonly empty: ReactNode;
  readonly isEmpty: (answer: A) => boolean;
  readonly children: (answer: A) => ReactNode;
}

export function Loaded<A>({ query, empty, isEmpty, children }: ListProps<A>) {
  if (query.data !== undefined) return isEmpty(query.data) ? empty : children(query.data);
  if (query.error)
    return (
      <div className="p-6">
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  return <Loading />;
}

/** For lists of `{ items }`. */
export const hasNone = ({ items }: { readonly items: readonly unknown[] }): boolean => items.length === 0;
