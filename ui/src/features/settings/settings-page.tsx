/** What the server is set up with, and how it is doing: one tab for each subject. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import type { OperationId } from '../../api/call.ts';
import { useRefusal } from '../../api/role.ts';
import { later } from '../../components/early.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';

const route = getRouteApi('/settings');

interface Subject {
  readonly label: string;
  readonly view: ComponentType;
  /** Whoever may not read it does not see the tab; the address still says why. */
  readonly reads?: OperationId;
}

const VIEWS = {
  connections: { label: 'Connections', view: later(() => import('./connections.tsx')) },
  models: { label: 'Models', view: later(() => import('./models.tsx')) },
  tools: { label: 'Tools', view: later(() => import('./tools.tsx')) },
  prompts: { label: 'Prompts', view: later(() => import('./prompts.tsx')) },
  circuits: { label: 'Circuits', view: later(() => import('./circuits.tsx')) },
  flow: { label: 'Flow control', view: later(() => import('./flow.tsx')) },
  retention: { label: 'Retention', view: later(() => import('./retention.tsx')) },
  keys: { label: 'Keys', view: later(() => import('./keys.tsx')), reads: 'listKeys' },
  access: { label: 'Access', view: later(() => import('./access.tsx')) },
} as const satisfies Record<string, Subject>;

type View = keyof typeof VIEWS;

export default function SettingsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const chosen: View = search.view !== undefined && search.view in VIEWS ? (search.view as View) : 'connections';
  const refusalOf = useRefusal();
  const tabs = (Object.entries<Subject>(VIEWS) as [View, Subject][])
    .filter(([, { reads }]) => refusalOf(reads) === undefined)
    .map(([id, { label }]) => ({ id, label }));
  const { view: Content } = VIEWS[chosen];
  const bar = (
    <Tabs
      label="Subjects"
      tabs={tabs}
      value={chosen}
      onChange={(view) => void navigate({ to: '/settings', search: { view }, replace: true })}
    />
  );
  return (
    <Page title="Settings" bar={bar}>
      <Content />
    </Page>
  );
}
