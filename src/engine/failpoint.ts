/**
 * Labelled points at which a test lets the process die by SIGKILL, as a power cut would (`MYELIN_CRASH_AT=label`, or
 * `label:n` for the n-th time). Costs a comparison with undefined when not armed.
 */
export const FAILPOINTS = [
  'ingress.before-commit',
  'ingress.after-commit',
  'ingress.after-answer',
  'committer.before-commit',
  'committer.after-commit',
  'worker.after-claim',
  'task.before-run',
  'task.after-run',
  'task.after-record',
  'timers.before-fire',
  'timers.after-fire',
  'relay.before-deliver',
  'relay.after-deliver',
  'catch-up.before-deliver',
  'catch-up.after-deliver',
  'feed.before-send',
  'feed.after-send',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

let armed: { readonly label: string; left: number } | undefined;

/** `label` or `label:n`; undefined disarms. */
export function armFailpoint(setting: string | undefined): void {
  const [label, count] = (setting ?? '').split(':');
  armed = label ? { label, left: Number(count ?? 1) } : undefined;
}

export function failpoint(label: Failpoint): void {
  if (armed === undefined || armed.label !== label) return;
  armed.left -= 1;
  if (armed.left <= 0) process.kill(process.pid, 'SIGKILL');
}
