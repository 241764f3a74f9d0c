import { Page } from '../../components/page.tsx';

export default function VersionsPage() {
  return <Page title="Versions">…</Page>;
}
