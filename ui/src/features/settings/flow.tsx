/** Lanes of flow control: how many executions run under a limit, and how many wait for their turn. */
import { Link } from '@tanstack/react-router';
import { Waypoints } from 'lucide-react';
import { useApi } from '../../api/query.ts';
import { Empty } from '../../components/empty.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';

const LOOK_MS = 3_000;

export default function Flow() {
  const lanes = useApi('listFlow', {}, { refetchInterval: LOOK_MS });
  return (
    <Loaded
      query={lanes}
      isEmpty={hasNone}
      empty={
        <Empty
          icon={<Waypoints size={20} />}
          title="Nothing is held back"
          action={
            <Link to="/workflows" className="text-accent hover:underline">
              To the workflows
            </Link>
          }
        >
          Workflows with a limit (concurrency, rate, session, debounce) let executions wait; their lanes stand here.
        </Empty>
      }
    >
      {({ items }) => (
        <table className="w-full rounded-lg border border-line bg-panel">
          <thead className="text-left text-faint text-xs">
            <tr>
              {['Workflow', 'Limit', 'Key', 'Running', 'Waiting'].map((name) => (
                <th key={name} className="px-4 py-2 font-normal">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(({ workflowId, workflowName, kind, key, running, waiting }) => (
              <tr key={`${workflowId} ${kind} ${JSON.stringify(key)}`} className="border-line border-t">
                <td className="px-4 py-2">
                  <Link to="/executions" search={{ workflow: workflowName }} className="text-accent hover:underline">
                    {workflowName}
                  </Link>
                </td>
                <td className="px-4 py-2">{kind}</td>
                <td className="px-4 py-2 font-mono text-xs">{key === null ? '' : JSON.stringify(key)}</td>
                <td className="px-4 py-2 tabular-nums">{running}</td>
                <td className="px-4 py-2 tabular-nums">{waiting}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Loaded>
  );
}
