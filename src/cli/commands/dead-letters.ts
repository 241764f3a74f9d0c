/** What failed for good: a list, groups of the same cause, or one whole. */
import { InvalidArgumentError } from 'commander';
import type { DeadLetter, DeadLetterGroup, DeadLetterSummary } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { addLetterOptions, filterOf, type LetterOptions } from '../letter-filter.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, moment } from '../text.ts';

interface Options extends LetterOptions {
  readonly groups?: boolean;
  readonly limit: number;
}

export const addDeadLetters: AddCommand = (program, run) => {
  const command = program
    .command('dead-letters')
    .description('List what failed for good, the latest first; with an id, show one whole')
    .argument('[id]');
  addLetterOptions(command)
    .option('-g, --groups', 'count failures of the same cause')
    .option('-n, --limit <count>', 'at most so many, up to 200', toLimit, 20)
    .action(
      run(async (context, id: string | undefined, options: Options) => {
        if (id === undefined) return options.groups ? await groups(context, options) : await list(context, options);
        const found = await context.client().deadLetters.get(id);
        if (context.json) context.give(found);
        else context.say(...details(found, context));
        return EXIT.ok;
      }),
    );
};

function toLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 200.');
}

async function list(context: Context, options: Options): Promise<number> {
  const { limit } = options;
  const page = await context.client().deadLetters.list({ ...filterOf(options), limit });
  if (context.json) context.give(page);
  else context.say(...rows(page.items, context));
  if (page.items.length === 0) context.remark('There are none.');
  else if (page.nextCursor !== null)
    context.remark(`There are more than ${limit}; see more with --limit, or --groups.`);
  return EXIT.ok;
}

function rows(items: readonly DeadLetterSummary[], { style, width }: Context): string[] {
  const shown = items.map((one) => [
    one.id,
    workflowOf(one),
    { text: one.status, paint: one.status === 'NEW' ? style.red : style.dim },
    one.category,
    moment(one.failedAt),
    one.retryAt === null ? '' : moment(one.retryAt),
    `${one.error.code}: ${one.error.message}`,
  ]);
  const head = ['ID', 'WORKFLOW', 'STATUS', 'CATEGORY', 'FAILED (UTC)', 'RETRY (UTC)', 'ERROR'];
  return table(head, shown, style, width);
}

async function groups(context: Context, options: Options): Promise<number> {
  const found = await context.client().deadLetters.groups({ ...filterOf(options), limit: options.limit });
  if (context.json) context.give(found);
  else context.say(...groupRows(found, context));
  if (found.length === 0) context.remark('There are none.');
  return EXIT.ok;
}

function groupRows(items: readonly DeadLetterGroup[], { style, width }: Context): string[] {
  const shown = items.map((one) => [
    { text: String(one.count), paint: style.bold },
    String(one.new),
    workflowOf(one),
    one.sample.category,
    moment(one.lastSeen),
    one.fingerprint,
  ]);
  return table(['COUNT', 'NEW', 'WORKFLOW', 'CATEGORY', 'LAST (UTC)', 'FINGERPRINT'], shown, style, width);
}

function details(one: DeadLetter, { style, width = 160 }: Pick<Context, 'style' | 'width'>): string[] {
  const place = one.path === null ? '' : ` at ${clean(one.path)}, ${counted(one.attempts, 'attempt', 'attempts')}`;
  const lines = [
    `${one.id}  ${clean(workflowOf(one))}  ${one.status}  ${one.category}`,
    style.red(`Failed${place}: ${clean(one.error.code)}`),
    `  ${clean(one.error.message)}`,
    `  ${clean(one.action)}`,
    '',
    `failed ${moment(one.failedAt)} UTC, first ${moment(one.createdAt)} UTC; retried ${counted(one.retries, 'time', 'times')}`,
  ];
  if (one.retryAt !== null) lines.push(`a rule retries it at ${moment(one.retryAt)} UTC`);
  if (one.retriedAs !== null) lines.push(`requeued as execution ${one.retriedAs}`);
  if (one.reviewedAt !== null)
    lines.push(`reviewed ${moment(one.reviewedAt)} UTC by ${clean(one.reviewedBy ?? 'somebody')}`);
  if (one.notes !== null) lines.push(clean(one.notes, true));
  lines.push(...eventLines(one.originalEvent, width));
  if (one.status === 'NEW' || one.status === 'REVIEWED') lines.push('', wayOut(one));
  return lines;
}

/** Whole, since a requeue may begin with it once it is corrected. */
function eventLines(event: unknown, width: number): string[] {
  const line = clean(JSON.stringify(event) ?? '');
  if (line.length <= width - 20) return [`original event: ${line}`];
  return ['original event:', clean(JSON.stringify(event, null, 2), true)];
}

/** What is in doubt would be done a second time by a requeue. */
function wayOut({ id, error, executionId, path }: DeadLetter): string {
  if (error.code !== 'in_doubt' || executionId === null || path === null)
    return `Once it is mended: myelin requeue ${id}`;
  return `Once you know: myelin resolve ${executionId} '${clean(path)}' --happened, or --not-happened`;
}

/** A message that could not be delivered may be the fault of no workflow. */
function workflowOf({ workflowId, workflowName }: Pick<DeadLetterSummary, 'workflowId' | 'workflowName'>): string {
  return workflowName ?? (workflowId === null ? '(message)' : '(deleted)');
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
