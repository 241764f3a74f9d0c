import { Page } from '../../components/page.tsx';

export default function TriggersPage() {
  return <Page title="Triggers">…</Page>;
}
