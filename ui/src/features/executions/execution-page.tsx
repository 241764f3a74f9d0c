import { Page } from '../../components/page.tsx';

export default function ExecutionPage() {
  return <Page title="Execution">…</Page>;
}
