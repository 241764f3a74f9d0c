import type { WorkflowStats } from '../../../../../src/contract/stats.ts';

type Hour = WorkflowStats['spark'][number];

/** A spark in words. */
export function sparkWords(hours: readonly Hour[]): string {
  const sum = (of: keyof Hour) => hours.reduce((total, hour) => total + hour[of], 0);
  const rare = (['compensated', 'canceled'] as const).filter((end) => sum(end) > 0);
  const ends = (['completed', 'failed', ...rare] as const).map((end) => `${sum(end)} ${end}`);
  if (hours.every((hour) => endedOf(hour) === 0)) return 'Nothing ended in the last 24 hours';
  const busiest = hours.reduce((best, hour, at) => (endedOf(hour) > endedOf(hours[best] ?? hour) ? at : best), 0);
  const since = hours.length - 1 - busiest;
  const when = since === 0 ? 'in the present hour' : since === 1 ? 'one hour ago' : `${since} hours ago`;
  return `Last 24 hours: ${ends.join(', ')}; most of them ${when}`;
}

/** However they did. */
export const endedOf = ({ completed, failed, compensated, canceled }: Hour): number =>
  completed + failed + compensated + canceled;
