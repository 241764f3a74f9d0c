/** How long a person still has, by the second where it is little. */
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { ago, span } from '../../components/spans.ts';
import { exact, useNow } from '../../components/time.tsx';

const SOON_MS = 3_600_000;

export function Due({ due }: Pick<ApprovalSummary, 'due'>) {
  const now = useNow();
  if (due === null) return <span className="text-muted">no time limit</span>;
  const left = Date.parse(due) - now;
  const tone = left < SOON_MS ? (left < SOON_MS / 6 ? 'text-bad' : 'text-warn') : '';
  const whole = Math.ceil(left / 1_000) * 1_000;
  const text = left <= 0 ? `was due ${ago(Date.parse(due), now)}` : `${left < SOON_MS ? span(whole) : span(left)} left`;
  return (
    <time dateTime={due} title={`Due ${exact(due)}`} className={`whitespace-nowrap tabular-nums ${tone}`}>
      {text}
    </time>
  );
}
