import { Page } from '../../components/page.tsx';

export default function NewWorkflowPage() {
  return <Page title="New workflow">…</Page>;
}
