/** What starts executions, and when schedules do so next. */
import type { Trigger } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { type Row, table } from '../table.ts';
import type { Style } from '../text.ts';

interface Options {
  readonly next?: string | true;
}

/** Times that `--next` shows of each schedule. */
const SHOWN = 3;
const MOST = 100;

export const addTriggers: AddCommand = (program, run) => {
  program
    .command('triggers')
    .description('List the triggers of all workflows, with the times of schedules and the state of those that listen')
    .option('--next [count]', `show the next times of each schedule (default: ${SHOWN})`)
    .action(
      run(async (context, { next }: Options) => {
        const count = next === true ? SHOWN : next === undefined ? undefined : countOf(next);
        const all = await context.client().triggers.list();
        if (count === undefined) list(context, all);
        else await times(context, all, count);
        return EXIT.ok;
      }),
    );
};

function countOf(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw usage(`--next takes a whole number from 1 to ${MOST}, not ${text}.`);
}

function list(context: Context, all: readonly Trigger[]): void {
  if (context.json) return context.give(all);
  const { style, width } = context;
  const rows = all.map(({ workflowName, name, type, active, nextAt, lastAt, state }) => [
    { text: workflowName, paint: style.bold },
    name,
    type,
    active ? statusOf(state, style) : { text: 'off', paint: style.dim },
    nextAt ?? '',
    lastAt ?? state?.lastMessageAt ?? '',
  ]);
  context.say(...table(['WORKFLOW', 'TRIGGER', 'TYPE', 'STATUS', 'NEXT', 'LAST'], rows, style, width));
  for (const { workflowName, name, state } of all) {
    if (state?.error) context.remark(`${workflowName} ${name}: ${state.error.message}`);
  }
}

/** Of one that listens by itself, how that goes. */
function statusOf(state: Trigger['state'], style: Style): Row[number] {
  if (state === null) return 'active';
  return state.status === 'error' ? { text: 'error', paint: style.red } : state.status;
}

async function times(context: Context, all: readonly Trigger[], count: number): Promise<void> {
  const client = context.client();
  const schedules = all.filter(({ type }) => type === 'schedule');
  const found = await Promise.all(
    schedules.map(async (one) => ({ ...one, next: await client.triggers.next(one.id, count) })),
  );
  if (context.json) return context.give(found);
  if (found.length === 0) context.remark('There is no schedule.');
  const { style, width } = context;
  const rows = found.flatMap(({ workflowName, name, next }) =>
    next.times.map(({ at, local }) => [{ text: workflowName, paint: style.bold }, name, at, local, next.timezone]),
  );
  context.say(...table(['WORKFLOW', 'TRIGGER', 'UTC', 'LOCAL', 'TIME ZONE'], rows, style, width));
}
