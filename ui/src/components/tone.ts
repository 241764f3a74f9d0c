/** What a color says; the classes of each, so that no page chooses colors. */
export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'info' | 'accent';

interface Classes {
  readonly text: string;
  readonly soft: string;
  readonly dot: string;
  readonly border: string;
}

export const TONES: Readonly<Record<Tone, Classes>> = {
  neutral: { text: 'text-muted', soft: 'bg-hover text-muted', dot: 'bg-faint', border: 'border-line' },
  ok: { text: 'text-ok', soft: 'bg-ok-soft text-ok', dot: 'bg-ok', border: 'border-ok' },
  warn: { text: 'text-warn', soft: 'bg-warn-soft text-warn', dot: 'bg-warn', border: 'border-warn' },
  bad: { text: 'text-bad', soft: 'bg-bad-soft text-bad', dot: 'bg-bad', border: 'border-bad' },
  info: { text: 'text-info', soft: 'bg-info-soft text-info', dot: 'bg-info', border: 'border-info' },
  accent: { text: 'text-accent', soft: 'bg-accent-soft text-accent', dot: 'bg-accent', border: 'border-accent' },
};

/** Of executions, nodes, workflows, approvals, dead letters, sessions and triggers alike: one status has one color everywhere. */
const STATUS_TONES: Readonly<Record<string, Tone>> = {
  pending: 'neutral',
  running: 'info',
  waiting: 'warn',
  completed: 'ok',
  failed: 'bad',
  canceled: 'neutral',
  compensating: 'warn',
  compensated: 'warn',
  compensation_failed: 'bad',
  skipped: 'neutral',
  draft: 'neutral',
  active: 'ok',
  live: 'ok',
  catching_up: 'info',
  paused: 'warn',
  ended: 'neutral',
  open: 'warn',
  approved: 'ok',
  rejected: 'bad',
  expired: 'neutral',
  new: 'bad',
  reviewed: 'info',
  retried: 'ok',
  archived: 'neutral',
  starting: 'neutral',
  error: 'bad',
};

export const toneOf = (status: string): Tone => STATUS_TONES[status.toLowerCase()] ?? 'neutral';
