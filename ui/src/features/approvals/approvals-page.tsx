import { Page } from '../../components/page.tsx';

export default function ApprovalsPage() {
  return <Page title="Approvals">…</Page>;
}
