/** How long executions are kept, and what would be removed now. */
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';

export default function Retention() {
  const retention = useApiPages('getRetention', { query: { limit: 200 } });
  const [first] = retention.data?.pages ?? [];
  const { items } = retention;
  if (first === undefined) {
    if (!retention.error) return <Loading />;
    return <ProblemNote error={retention.error} retry={() => void retention.refetch()} />;
  }
  const { rules, lastPass } = first;
  return (
    <div className="flex flex-col gap-4">
      <Panel title="Of the server">
        <Facts facts={[...Object.entries(rules), ['last pass', <Ago key="pass" at={lastPass?.startedAt} />]]} />
      </Panel>
      {items.length > 0 && (
        <Panel title="By workflow">
          <table className="w-full">
            <thead className="text-left text-faint text-xs">
              <tr>
                {['Workflow', 'Completed', 'Failed', 'Canceled', 'Would go now'].map((name) => (
                  <th key={name} className="py-1 pr-4 font-normal">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map(({ workflowId, workflowName, rules: own, own: isOwn, due }) => (
                <tr key={workflowId} className="border-line border-t">
                  <td className="py-1.5 pr-4">
                    {workflowName ?? <span className="text-faint">deleted</span>} {isOwn && <Badge>own rules</Badge>}
                  </td>
                  <td className="py-1.5 pr-4">{own.completed}</td>
                  <td className="py-1.5 pr-4">{own.failed}</td>
                  <td className="py-1.5 pr-4">{own.canceled}</td>
                  <td className="py-1.5 tabular-nums">
                    {Object.values(due)
                      .reduce((sum, one) => sum + one, 0)
                      .toLocaleString()}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {retention.hasNextPage && (
            <Button className="mt-3" busy={retention.isFetchingNextPage} onClick={() => void retention.fetchNextPage()}>
              Show more
            </Button>
          )}
        </Panel>
      )}
    </div>
  );
}
