/** The inbox: what people are asked; with an id, one of them whole. */
import { InvalidArgumentError } from 'commander';
import type { Approval, ApprovalSummary } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table, withoutEmpty } from '../table.ts';
import { clean, clip, moment } from '../text.ts';

const STATUSES = ['open', 'decided'] as const;
type Status = (typeof STATUSES)[number];

interface Options {
  readonly status: Status;
  readonly assignee?: string;
  readonly for?: readonly string[];
  readonly workflow?: string;
}

/** Rows shown; `--json` and the API have the rest page by page. */
const MOST = 100;
/** Characters of a title on a terminal, so that the data has room beside it. */
const TITLE = 50;

export const addApprovals: AddCommand = (program, run) => {
  program
    .command('approvals')
    .description('List what people are asked, newest first; with an id, show one whole')
    .argument('[id]')
    .option('-s, --status <status>', 'open, or decided: all that are not open any more', toStatus, 'open')
    .option('-a, --assignee <name>', 'asked of this person or group')
    .option('--for <names>', 'what waits for these, with commas between: also what asks nobody by name', toNames)
    .option('-w, --workflow <workflow>', 'name or id')
    .action(
      run(async (context, id: string | undefined, options: Options) => {
        if (id === undefined) return await list(context, options);
        const found = await context.client().approvals.get(id);
        if (context.json) context.give(found);
        else context.say(...details(found, context));
        return EXIT.ok;
      }),
    );
};

function toStatus(text: string): Status {
  const status = STATUSES.find((one) => one === text);
  if (status === undefined) throw new InvalidArgumentError(`It is one of ${STATUSES.join(', ')}.`);
  return status;
}

function toNames(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Name a person or a group, such as ana,leads.');
  return names;
}

async function list(context: Context, { status, assignee, for: whom, workflow }: Options): Promise<number> {
  const asked = { status, assignee, ...(whom && { for: [...whom] }), workflow };
  const page = await context.client().approvals.list({ ...asked, limit: MOST });
  if (context.json) context.give(page);
  else context.say(...rows(page.items, context));
  if (page.items.length === 0) context.remark(status === 'open' ? 'Nobody is asked anything.' : 'There are none.');
  else if (page.nextCursor !== null) context.remark(`There are more than ${MOST}; see --assignee and --workflow.`);
  return EXIT.ok;
}

function rows(items: readonly ApprovalSummary[], { style, width }: Context): string[] {
  const shown = items.map((one) => [
    one.id,
    one.workflowName,
    outcome(one),
    one.due === null ? '' : moment(one.due),
    asked(one),
    width === undefined ? one.title : clip(one.title, TITLE),
    one.brief ?? '',
  ]);
  const head = ['ID', 'WORKFLOW', 'STATUS', 'DUE (UTC)', 'ASKED', 'TITLE', 'DATA'];
  return table(...withoutEmpty(head, shown), style, width);
}

const asked = ({ assignees }: ApprovalSummary): string => assignees?.join(', ') ?? 'anybody';

function outcome({ status, decision }: ApprovalSummary): string {
  return status === 'decided' && decision !== null ? `${decision.decision} by ${decision.by}` : status;
}

function details(one: Approval, { style }: Pick<Context, 'style'>): string[] {
  const { description, data, form, decision } = one;
  return [
    style.bold(clean(one.title)),
    `${one.id}  ${clean(one.workflowName)} at ${clean(one.path)}  ${clean(outcome(one))}`,
    `asked: ${clean(asked(one))}${one.due === null ? '' : `, until ${moment(one.due)} UTC`}`,
    ...one.delegations.map(({ by, to, at }) => clean(`passed on by ${by} to ${to.join(', ')} at ${moment(at)} UTC`)),
    ...(description === null ? [] : ['', clean(description, true)]),
    ...(data === null ? [] : ['', clean(JSON.stringify(data, null, 2), true)]),
    ...(form === null ? [] : ['', 'form:', clean(JSON.stringify(form, null, 2), true)]),
    ...(decision?.comment === undefined ? [] : ['', clean(`${decision.by}: ${decision.comment}`, true)]),
  ];
}
