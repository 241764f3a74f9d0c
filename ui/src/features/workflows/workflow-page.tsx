import { Page } from '../../components/page.tsx';

export default function WorkflowPage() {
  return <Page title="Workflow">…</Page>;
}
