/** How long executions are kept, and what would be removed now. */
import { useApi } from '../../api/query.ts';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/page.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';

export default function Retention() {
  const retention = useApi('getRetention', { query: { limit: 200 } });
  return (
    <Loaded query={retention} isEmpty={() => false} empty={null}>
      {({ rules, items, lastPass }) => (
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
                        {workflowName ?? <span className="text-faint">deleted</span>}{' '}
                        {isOwn && <Badge>own rules</Badge>}
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
            </Panel>
          )}
        </div>
      )}
    </Loaded>
  );
}
