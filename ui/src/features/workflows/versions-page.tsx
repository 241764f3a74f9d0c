/** The versions of a workflow: what changed between two of them, and the way back to one. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useApi, useApiPages } from '../../api/query.ts';
import { buttonClass } from '../../components/button.tsx';
import { later } from '../../components/early.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { workflowRequest } from './first-reading.ts';
import { chosenOf } from './versions/chosen.ts';
import { RollBack } from './versions/roll-back.tsx';
import { VersionList } from './versions/version-list.tsx';

const Comparison = later(() => import('./versions/comparison.tsx'));

const route = getRouteApi('/workflows/$id/versions');

const VIEWS = [
  { id: 'graph', label: 'Graph' },
  { id: 'yaml', label: 'YAML' },
] as const;
export type View = (typeof VIEWS)[number]['id'];

export default function VersionsPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const workflow = useApi('getWorkflow', workflowRequest(id));
  const list = useApiPages('listVersions', { params: { id }, query: { limit: 50 } });
  const chosen = chosenOf(list.items, search);
  const view: View = search.view === 'yaml' ? 'yaml' : 'graph';
  const change = (next: { from?: number; to?: number; view?: View }) => {
    const texts = Object.fromEntries(Object.entries(next).map(([name, value]) => [name, String(value)]));
    void navigate({ to: '/workflows/$id/versions', params: { id }, search: { ...search, ...texts }, replace: true });
  };
  const name = workflow.data?.name;
  const error = workflow.error ?? list.error;
  return (
    <Page
      title={name === undefined ? 'Versions' : `Versions of ${name}`}
      full
      actions={
        <>
          {chosen && <Tabs label="View" tabs={VIEWS} value={view} onChange={(next) => change({ view: next })} />}
          {workflow.data && <RollBack workflow={workflow.data} versions={list.items} chosen={chosen?.from} />}
          <Link to="/workflows/$id" params={{ id }} className={buttonClass()}>
            To the workflow
          </Link>
        </>
      }
    >
      {error ? (
        <div className="p-6">
          <ProblemNote error={error} retry={() => void Promise.all([workflow.refetch(), list.refetch()])} />
        </div>
      ) : list.isPending ? (
        <Loading />
      ) : (
        <div className="flex h-full min-h-0 flex-col md:flex-row">
          <VersionList
            versions={list.items}
            chosen={chosen}
            choose={change}
            more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          />
          <div className="min-h-0 min-w-0 flex-1 overflow-auto">
            {chosen === undefined ? (
              <Empty
                title="There is one version so far"
                action={
                  <Link to="/workflows/$id" params={{ id }} className="text-accent hover:underline">
                    To the editor
                  </Link>
                }
              >
                Each save makes another, and none is ever lost.
              </Empty>
            ) : (
              <Comparison id={id} from={chosen.from} to={chosen.to} view={view} />
            )}
          </div>
        </div>
      )}
    </Page>
  );
}
