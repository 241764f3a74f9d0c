import { InvalidArgumentError } from 'commander';
import type { Execution, ExecutionSummary, Page } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { addExecutionOptions, type ExecutionOptions, executionFilterOf } from '../execution-filter.ts';
import { EXIT } from '../exit.ts';
import { elapsed, frame, paintStatus, titleOf } from '../frame.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { brief, clean, moment, span } from '../text.ts';

interface ExecutionsOptions extends ExecutionOptions {
  readonly limit: number;
}

/** Pages that are read for one list where each has few that fit: of 20,000 executions each. */
const MAX_PAGES = 50;

export const addExecutions: AddCommand = (program, run) => {
  const command = program
    .command('executions')
    .description('List executions, newest first; with an id, show one with its nodes')
    .argument('[id]');
  addExecutionOptions(command)
    .option('-n, --limit <count>', 'at most so many, up to 200', toLimit, 20)
    .action(
      run(async (context, id: string | undefined, options: ExecutionsOptions) => {
        if (id === undefined) return await list(context, options);
        const found = await context.client().executions.get(id);
        if (context.json) context.give(found);
        else context.say(...details(found, Date.now(), context));
        return EXIT.ok;
      }),
    );
};

function toLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 200.');
}

async function list(context: Context, { limit, ...options }: ExecutionsOptions): Promise<number> {
  const page = await pageOf(context, executionFilterOf(options), limit);
  const { items, nextCursor } = page;
  if (context.json) context.give(page);
  else context.say(...executionRows(items, Date.now(), context));
  if (items.length === limit && nextCursor !== null)
    context.remark(`There are more than ${limit}; see more with --limit.`);
  else if (nextCursor !== null) context.remark('There may be older ones; look there with --until.');
  else if (items.length === 0) context.remark('There are none.');
  return EXIT.ok;
}

/** A page may have few that fit, and others follow all the same. */
async function pageOf(
  context: Context,
  filter: ReturnType<typeof executionFilterOf>,
  limit: number,
): Promise<Page<ExecutionSummary>> {
  const { executions } = context.client();
  const items: ExecutionSummary[] = [];
  let nextCursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const more = nextCursor === null ? {} : { cursor: nextCursor };
    const page = await executions.list({ ...filter, limit: limit - items.length, ...more });
    items.push(...page.items);
    nextCursor = page.nextCursor;
    if (nextCursor === null || items.length === limit) break;
  }
  return { items, nextCursor };
}

/** A table of executions. */
export function executionRows(
  items: readonly ExecutionSummary[],
  now: number,
  { style, width }: Pick<Context, 'style' | 'width'>,
): string[] {
  const rows = items.map((one) => {
    const time = elapsed(one, now);
    return [
      one.id,
      titleOf(one),
      { text: one.status, paint: () => paintStatus(one.status, style) },
      moment(one.createdAt),
      time === undefined ? '' : span(time),
      one.error === null ? '' : `${one.error.code}: ${one.error.message}`,
    ];
  });
  return table(['ID', 'WORKFLOW', 'STATUS', 'CREATED (UTC)', 'TIME', 'ERROR'], rows, style, width);
}

function waitText({ path, reason, lane, ahead }: Execution['waitingFor'][number]): string {
  if (reason === 'gather') return `Waits for others to gather with (${clean(lane ?? '')})`;
  if (reason === 'capacity') return `Waits for its turn (${clean(lane ?? '')}), with ${ahead} before it`;
  if (path === undefined) return reason === 'paused' ? 'Paused' : `Waits for ${reason}`;
  return `Waits at ${clean(path)} for ${reason === 'event' || reason === 'approval' ? 'an' : 'a'} ${reason}`;
}

/** A retry would run what is in doubt a second time, so of that the person is asked what became of it. */
function wayOut({ id, status }: Execution, failed: Execution['nodes']): string[] {
  if (status !== 'failed' && status !== 'compensation_failed') return [];
  const doubts = failed.filter((node) => node.error?.code === 'in_doubt');
  if (doubts.length === 0) return [`  Once it is mended: myelin retry ${id}`];
  return doubts.map(
    ({ path }) => `  Once you know: myelin resolve ${id} '${clean(path)}' --happened, or --not-happened`,
  );
}

/** One execution for a person: its nodes, where it failed and why, what it waits for, what came out. */
export function details(
  view: Execution,
  now: number,
  { style, width = 160 }: Pick<Context, 'style' | 'width'>,
): string[] {
  const lines = frame(view, now, { width, style });
  const failed = view.nodes.filter((node) => node.status === 'failed' && node.error !== null);
  if (view.error !== null) {
    const place = failed.find((node) => node.error?.message === view.error?.message)?.path;
    const what =
      view.error.code === 'canceled'
        ? style.yellow('Canceled')
        : style.red(`Failed${place === undefined ? '' : ` at ${clean(place)}`}: ${view.error.code}`);
    lines.push('', what);
    lines.push(`  ${clean(view.error.message)}`);
    lines.push(...wayOut(view, failed));
  }
  for (const wait of view.waitingFor) {
    const until = wait.until === undefined ? '' : ` until ${moment(wait.until)} UTC`;
    const child = wait.executionId === undefined ? '' : ` ${wait.executionId}`;
    const way = wait.reason === 'approval' && wait.waitId !== undefined ? `: myelin approve ${wait.waitId}` : '';
    lines.push(style.yellow(`${waitText(wait)}${child}${until}${way}`));
  }
  if (view.parentId !== null) lines.push(`Started by ${view.parentId}`);
  const trigger = brief(view.trigger, width - 20);
  const output = view.status === 'completed' ? brief(view.output, width - 8) : undefined;
  lines.push('', `Trigger (${clean(view.triggerId)}): ${trigger}`);
  if (output !== undefined) lines.push(`Output: ${output}`);
  if ([trigger, output].some((text) => text?.endsWith('…'))) lines.push(style.dim('Whole with --json'));
  return lines;
}
