/** Replays that run, above whatever is looked at. */
import { useApi } from '../../api/query.ts';
import { ReplayProgress } from './replay-progress.tsx';
import { REPLAYS } from './views.ts';

export function RunningReplays() {
  const replays = useApi('listReplays', REPLAYS);
  const running = replays.data?.items.filter(({ status }) => status === 'running') ?? [];
  if (running.length === 0) return null;
  return (
    <section aria-label="Running replays" className="flex flex-col border-line border-b bg-panel">
      {running.map((replay) => (
        <ReplayProgress key={replay.id} replay={replay} />
      ))}
    </section>
  );
}
