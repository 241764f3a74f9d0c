import { Page } from '../../components/page.tsx';

export default function DeadLetterPage() {
  return <Page title="Dead letter">…</Page>;
}
