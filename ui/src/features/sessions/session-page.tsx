import { Page } from '../../components/page.tsx';

export default function SessionPage() {
  return <Page title="Session">…</Page>;
}
