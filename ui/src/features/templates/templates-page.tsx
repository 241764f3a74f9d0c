import { Page } from '../../components/page.tsx';

export default function TemplatesPage() {
  return <Page title="Templates">…</Page>;
}
