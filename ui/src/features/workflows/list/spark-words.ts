/** A spark in words. */
export function sparkWords(hours: readonly { readonly completed: number; readonly failed: number }[]): string {
  const sum = (of: 'completed' | 'failed') => hours.reduce((total, hour) => total + hour[of], 0);
  const [completed, failed] = [sum('completed'), sum('failed')];
  if (completed + failed === 0) return 'Nothing ended in the last 24 hours';
  const busiest = hours.reduce((best, hour, at) => (total(hour) > total(hours[best] ?? hour) ? at : best), 0);
  const since = hours.length - 1 - busiest;
  const when = since === 0 ? 'in the present hour' : since === 1 ? 'one hour ago' : `${since} hours ago`;
  return `Last 24 hours: ${completed} completed, ${failed} failed; most of them ${when}`;
}

const total = ({ completed, failed }: { readonly completed: number; readonly failed: number }): number =>
  completed + failed;
