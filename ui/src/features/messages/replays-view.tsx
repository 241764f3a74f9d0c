/** What was replayed, newest first. */
import { History } from 'lucide-react';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { ReplayProgress } from './replay-progress.tsx';
import { REPLAYS } from './views.ts';

export function ReplaysView({ replay }: { readonly replay: () => void }) {
  const list = useApiPages('listReplays', REPLAYS);
  if (list.error && list.items.length === 0)
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (list.isPending) return <Loading />;
  if (list.items.length === 0)
    return (
      <Empty
        icon={<History size={20} />}
        title="Nothing was replayed yet"
        action={
          <Button operation="startReplay" onClick={replay}>
            Replay…
          </Button>
        }
      >
        A replay starts a workflow once more with messages of the log: to try a new version on what happened, or to
        catch up on what a mistake has missed.
      </Empty>
    );
  return (
    <div className="h-full overflow-auto">
      <ul className="divide-y divide-line">
        {list.items.map((one) => (
          <li key={one.id}>
            <ReplayProgress replay={one} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="flex justify-center p-4">
          <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}
