/** What starts executions, when schedules do so next, and a poll that is to look now. */
import type { Trigger } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { type Row, table } from '../table.ts';
import { moment, type Style } from '../text.ts';

interface Options {
  readonly next?: string | true;
}

/** Times that `--next` shows of each schedule. */
const SHOWN = 3;
const MOST = 100;

export const addTriggers: AddCommand = (program, run) => {
  program
    .command('triggers')
    .description(
      'List the triggers of all workflows, with the times of schedules and polls and the state of those that listen',
    )
    .argument('[action]', 'poll WORKFLOW [TRIGGER], or poll ID: a poll looks at once')
    .argument('[words...]')
    .option('--next [count]', `show the next times of each schedule (default: ${SHOWN})`)
    .action(
      run(async (context, action?: string, words: readonly string[] = [], { next }: Options = {}) => {
        if (action === 'poll') return await poll(context, words);
        if (action !== undefined) throw usage(`There is no action ${action}; take poll, or none for the list.`);
        const count = next === true ? SHOWN : next === undefined ? undefined : countOf(next);
        const all = await context.client().triggers.list();
        if (count === undefined) list(context, all);
        else await times(context, all, count);
        return EXIT.ok;
      }),
    );
};

/** By the id of the trigger, or by the names that the list shows. */
async function poll(context: Context, [first, name, ...rest]: readonly string[]): Promise<number> {
  if (first === undefined || rest.length > 0) throw usage('triggers poll takes a workflow and its trigger, or an id.');
  const { triggers } = context.client();
  const polls = (await triggers.list()).filter(({ type }) => type === 'poll');
  const fitting = polls.filter(({ id, workflowName, name: own }) =>
    name === undefined ? id === first || workflowName === first : workflowName === first && own === name,
  );
  const [one] = fitting;
  if (one === undefined) {
    const known = polls.map(({ workflowName, name: own }) => `${workflowName} ${own}`);
    const all = known.length === 0 ? 'There is none at all.' : `There are: ${known.join(', ')}.`;
    throw usage(`There is no poll ${[first, name].filter(Boolean).join(' ')}. ${all}`);
  }
  if (fitting.length > 1) {
    throw usage(`${first} has several polls; name one of ${fitting.map((each) => each.name).join(', ')}.`);
  }
  await triggers.poll(one.id);
  if (context.json) context.give({ id: one.id });
  else context.say(`${one.workflowName} ${one.name} looks now; \`myelin triggers\` tells how it went`);
  return EXIT.ok;
}

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
    timeOf(nextAt),
    timeOf(lastAt ?? state?.lastMessageAt ?? null),
  ]);
  context.say(...table(['WORKFLOW', 'TRIGGER', 'TYPE', 'STATUS', 'NEXT (UTC)', 'LAST (UTC)'], rows, style, width));
  for (const { workflowName, name, state } of all) {
    if (state?.error) context.remark(`${workflowName} ${name}: ${state.error.message}`);
  }
}

const timeOf = (iso: string | null): string => (iso === null ? '' : moment(iso));

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
