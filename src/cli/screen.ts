/** Shows an execution until it ends: redrawn in place on a terminal, else a line for each change. */
import type { Execution } from '../sdk/index.ts';
import type { Context } from './context.ts';
import { follow } from './follow.ts';
import { changes, frame } from './frame.ts';
import type { Output } from './io.ts';

/** Durations go on between two events. */
const TICK_MS = 200;

export interface ShowOptions {
  /** Stops there; default when it has ended. */
  readonly until?: (view: Execution) => boolean;
  /** What was shown before: only what changed since is told. */
  readonly after?: Execution;
}

/** Returns the execution as it was shown last, mostly as it ended. */
export async function show(
  context: Context,
  id: string,
  output: Output,
  options: ShowOptions = {},
): Promise<Execution> {
  const views = follow(context.client(), id, { signal: context.io.signal });
  return context.io.isTTY ? redraw(context, views, output, options) : list(context, views, output, options);
}

type Views = AsyncIterable<Execution>;

async function list(context: Context, views: Views, output: Output, { until, after }: ShowOptions): Promise<Execution> {
  let last = after;
  for await (const view of views) {
    for (const line of changes(last, view, Date.now(), context.style)) output.write(`${line}\n`);
    last = view;
    if (until?.(view)) break;
  }
  return last!;
}

async function redraw(context: Context, views: Views, output: Output, { until }: ShowOptions): Promise<Execution> {
  let last: Execution | undefined;
  let drawn = 0;
  const draw = () => {
    if (last === undefined) return;
    const room = { width: output.columns ?? 80, height: (output.rows ?? 24) - 1, style: context.style };
    const lines = frame(last, Date.now(), room);
    output.write(inPlace(lines, drawn));
    drawn = lines.length;
  };
  const ticking = setInterval(draw, TICK_MS);
  try {
    for await (const view of views) {
      last = view;
      draw();
      if (until?.(view)) break;
    }
  } finally {
    clearInterval(ticking);
  }
  return last!;
}

/** Up to the first line of the last drawing, over it, and nothing of it left below; long lines do not wrap. */
export function inPlace(lines: readonly string[], drawn: number): string {
  const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
  return `${up}\r\u001b[?7l\u001b[J${lines.join('\n')}\n\u001b[?7h`;
}
