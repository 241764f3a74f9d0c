/** Shows an execution until it ends: redrawn in place on a terminal, else a line for each change. */
import type { Execution } from '../sdk/index.ts';
import type { Context } from './context.ts';
import { follow } from './follow.ts';
import { changes, frame } from './frame.ts';
import type { Output } from './io.ts';

/** Durations go on between two events. */
const TICK_MS = 200;

/** Returns the execution as it ended. */
export async function show(context: Context, id: string, output: Output): Promise<Execution> {
  const views = follow(context.client(), id, { signal: context.io.signal });
  return context.io.isTTY ? redraw(context, views, output) : list(context, views, output);
}

async function list(context: Context, views: AsyncIterable<Execution>, output: Output): Promise<Execution> {
  let last: Execution | undefined;
  for await (const view of views) {
    for (const line of changes(last, view, Date.now(), context.style)) output.write(`${line}\n`);
    last = view;
  }
  return last!;
}

async function redraw(context: Context, views: AsyncIterable<Execution>, output: Output): Promise<Execution> {
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
