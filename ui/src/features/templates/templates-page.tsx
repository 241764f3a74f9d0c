/** Documents to begin with: what each does and needs; one that is chosen shows its graph and becomes a workflow. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { LayoutTemplate } from 'lucide-react';
import { useApi } from '../../api/query.ts';
import { later } from '../../components/early.tsx';
import { Empty } from '../../components/empty.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Permitted } from '../../components/permitted.tsx';
import { TypeIcons } from '../../graph/type-icons.tsx';
import { needsWords } from './needs.ts';

const TemplateView = later(() => import('./template-view.tsx'));

const route = getRouteApi('/templates');

export default function TemplatesPage() {
  const { name } = route.useSearch();
  const list = useApi('listTemplates', {}, { enabled: name === undefined });
  if (name !== undefined) {
    return <TemplateView name={name} />;
  }
  const empty = (
    <Empty
      icon={<LayoutTemplate size={20} />}
      title="This server has no templates"
      action={
        <Permitted operation="createWorkflow">
          <Link to="/workflows/new" className="text-accent hover:underline">
            Begin with an empty workflow
          </Link>
        </Permitted>
      }
    >
      A template is a document to begin with; those of Myelin come with its examples.
    </Empty>
  );
  return (
    <Page title="Templates">
      <Loaded query={list} isEmpty={hasNone} empty={empty}>
        {({ items }) => (
          <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
            {items.map(({ name: template, description, nodeTypes, triggers, needs }) => (
              <li key={template}>
                <Link
                  to="/templates"
                  search={{ name: template }}
                  className="flex h-full flex-col gap-2 rounded-lg border border-line bg-panel p-4 transition-colors hover:border-strong hover:bg-hover"
                >
                  <span className="font-medium text-base">{template}</span>
                  <span className="line-clamp-3 text-muted">{description}</span>
                  <span className="mt-auto flex items-center gap-2 pt-2">
                    <TypeIcons types={triggers} />
                    {triggers.length > 0 && (
                      <span aria-hidden className="text-faint">
                        →
                      </span>
                    )}
                    <TypeIcons types={nodeTypes} />
                  </span>
                  <span className="text-faint text-xs">{needsWords(needs)}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}
