/** To the conversations that an execution, or one of its nodes, has carried on: the books know their keys. */
import { Link } from '@tanstack/react-router';
import { Bot } from 'lucide-react';
import { useApi } from '../../../api/query.ts';
import { useCalls } from './reading.ts';
import { useRun } from './view.tsx';

const MOST = 5;

export function SessionsOfRun() {
  const { execution } = useRun();
  const books = useApi('getUsage', { query: { by: 'session', execution: execution.id, limit: MOST } });
  return <Links keys={(books.data?.items ?? []).map(({ key }) => key)} />;
}

export function SessionsOfNode({ path }: { readonly path: string }) {
  const { execution } = useRun();
  const calls = useCalls(execution.id);
  const own = (calls.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter((one) => one.path === path || one.path.startsWith(`${path}[`));
  return <Links keys={own.map(({ session }) => session ?? '')} />;
}

const Links = ({ keys }: { readonly keys: readonly string[] }) =>
  [...new Set(keys)].slice(0, MOST).map((key) =>
    // Calls of no session have none.
    key === '' ? null : (
      <Link
        key={key}
        to="/sessions/$id"
        params={{ id: key }}
        className="inline-flex max-w-60 items-center gap-1 text-accent hover:underline"
      >
        <Bot size={13} className="shrink-0" /> <span className="truncate">session {key}</span>
      </Link>
    ),
  );
