import { Page } from '../../components/page.tsx';

export default function MoneyPage() {
  return <Page title="Money">…</Page>;
}
