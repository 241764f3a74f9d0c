/** A workflow in the editor. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useApi } from '../../api/query.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Editor } from './editor/editor.tsx';
import { workflowRequest } from './first-reading.ts';

const route = getRouteApi('/workflows/$id');

export default function WorkflowPage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const workflow = useApi('getWorkflow', workflowRequest(id));
  if (workflow.data === undefined) {
    return (
      <Page title="Workflow">
        {workflow.error ? (
          <ProblemNote error={workflow.error} retry={() => void workflow.refetch()} />
        ) : (
          <Loading what="Loading the workflow" />
        )}
      </Page>
    );
  }
  return (
    <Editor
      key={workflow.data.id}
      workflow={workflow.data}
      start={workflow.data.definition}
      search={search}
      onSearch={(next) => void navigate({ to: '/workflows/$id', params: { id }, search: next, replace: true })}
    />
  );
}
