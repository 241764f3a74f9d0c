import { Page } from '../../components/page.tsx';

export default function WorkflowsPage() {
  return <Page title="Workflows">…</Page>;
}
