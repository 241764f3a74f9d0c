/** The active workflows that a person can talk to, each with how. */
import { useQueries } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { keyOf, useApiAll } from '../../api/query.ts';
import { talkOf } from './talk.ts';

/** A definition is read for each. */
const MOST = 100;

export function useTalkers() {
  const list = useApiAll('listWorkflows');
  const active = (list.data?.items ?? []).filter(({ status }) => status === 'active').slice(0, MOST);
  const { isRead, talkers } = useQueries({
    queries: active.map(({ id }) => ({
      queryKey: keyOf('getWorkflow', { params: { id } }),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => call('getWorkflow', { params: { id }, signal }),
    })),
    combine: (answers) => ({
      isRead: answers.every(({ isPending }) => !isPending),
      talkers: answers.flatMap(({ data }) =>
        data === undefined || talkOf(data.definition) === undefined ? [] : [{ id: data.id, name: data.name }],
      ),
    }),
  });
  return { talkers, isPending: list.isPending || !isRead, error: list.error };
}
