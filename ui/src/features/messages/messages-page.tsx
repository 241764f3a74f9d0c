import { Page } from '../../components/page.tsx';

export default function MessagesPage() {
  return <Page title="Messages">…</Page>;
}
