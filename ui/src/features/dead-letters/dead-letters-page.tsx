/** What failed for good: by cause, one by one, and the rules by which it is tried again. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { later } from '../../components/early.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { LetterProgress } from './bulk-progress.tsx';
import { GroupsView } from './groups-view.tsx';
import { LetterFilters } from './letter-filters.tsx';
import { TABS, viewOf } from './letter-search.ts';
import { ListView } from './list-view.tsx';

const RulesView = later(() => import('./rules-view.tsx'));

const route = getRouteApi('/dead-letters');

export default function DeadLettersPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const view = viewOf(search);
  return (
    <Page
      title="Dead letters"
      full
      bar={
        <>
          <Tabs
            label="View"
            tabs={TABS}
            value={view}
            onChange={(next) =>
              void navigate({ to: '/dead-letters', search: { ...search, view: next }, replace: true })
            }
          />
          {view !== 'rules' && <LetterFilters search={search} />}
        </>
      }
    >
      <div className="flex h-full min-h-0 flex-col">
        <LetterProgress />
        <div className="min-h-0 flex-1">
          {view === 'groups' && <GroupsView search={search} />}
          {view === 'list' && <ListView key={JSON.stringify(search)} search={search} />}
          {view === 'rules' && <RulesView />}
        </div>
      </div>
    </Page>
  );
}
