import { Page } from '../../components/page.tsx';

export default function SessionsPage() {
  return <Page title="Sessions">…</Page>;
}
