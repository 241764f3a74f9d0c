/** One template: its graph, its text, and the button that makes it a workflow. */
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, Plus } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useAction, useApi } from '../../api/query.ts';
import { allNames } from '../../api/workflow-names.ts';
import { Button, buttonClass } from '../../components/button.tsx';
import { freeName } from '../../components/free-name.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Canvas } from '../../graph/canvas.tsx';
import type { Definition } from '../../graph/document.ts';
import { flowOf } from '../../graph/flow.ts';
import { layoutOf } from '../../graph/layout.ts';
import { needsWords } from './needs.ts';
import { renamed } from './renamed.ts';
import { templateRequest } from './template-request.ts';

const CodeEditor = lazy(() => import('../../components/code-editor.tsx'));

export default function TemplateView({ name }: { readonly name: string }) {
  const navigate = useNavigate();
  const template = useApi('getTemplate', templateRequest(name));
  const [error, setError] = useState<Error>();
  const [isNaming, setIsNaming] = useState(false);
  const create = useAction('createWorkflow', {
    done: ({ id }) => void navigate({ to: '/workflows/$id', params: { id } }),
    failed: setError,
  });
  const take = async () => {
    const { data } = template;
    if (data === undefined) return;
    setError(undefined);
    setIsNaming(true);
    try {
      const free = freeName(data.definition.name, await allNames());
      create.mutate({ body: renamed(data.yaml, data.definition, free) });
    } catch (fault) {
      setError(fault as Error);
    } finally {
      setIsNaming(false);
    }
  };
  return (
    <Page
      title={name}
      full
      actions={
        <>
          <Link to="/templates" className={buttonClass('quiet')}>
            <ArrowLeft size={14} /> All templates
          </Link>
          <Button
            operation="createWorkflow"
            kind="primary"
            icon={<Plus size={14} />}
            disabled={!template.data}
            busy={isNaming || create.isPending}
            onClick={() => void take()}
          >
            Use this
          </Button>
        </>
      }
    >
      <div className="flex h-full min-h-0 flex-col">
        {(error ?? template.error) && (
          <div className="p-4 md:px-6">
            <ProblemNote error={(error ?? template.error) as Error} />
          </div>
        )}
        {template.isPending && <Loading />}
        {template.data && (
          <>
            <div className="border-line border-b px-4 py-3 md:px-6">
              <p className="max-w-3xl text-muted">{template.data.description}</p>
              <p className="mt-1 text-faint text-xs">{needsWords(template.data.needs)}</p>
            </div>
            <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
              <section aria-label="Graph" className="min-h-60 min-w-0 flex-1">
                <Drawing definition={template.data.definition} />
              </section>
              <section
                aria-label="Text"
                className="min-h-60 min-w-0 flex-1 border-line border-t bg-panel lg:max-w-[45%] lg:border-t-0 lg:border-l"
              >
                <Suspense fallback={<Loading />}>
                  <CodeEditor label={`${name} as YAML`} language="yaml" readOnly value={template.data.yaml} />
                </Suspense>
              </section>
            </div>
          </>
        )}
      </div>
    </Page>
  );
}

function Drawing({ definition }: { readonly definition: Definition }) {
  const flow = useMemo(() => flowOf(definition, layoutOf(definition)), [definition]);
  return <Canvas nodes={flow.nodes} edges={flow.edges} fixed map={false} />;
}
