import { RULED } from '../../core/retention.ts';
import type { Retention } from '../../sdk/index.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { moment } from '../text.ts';

export const addRetention: AddCommand = (program, run) => {
  program
    .command('retention')
    .description('Show how long executions are kept, and what would go now; removes nothing')
    .action(
      run(async (context) => {
        const { rules, lastPass, items } = await wholeRetention((cursor) => context.client().retention({ cursor }));
        if (context.json) {
          context.give({ rules, lastPass, items });
          return EXIT.ok;
        }
        const { style, width } = context;
        const told = items.filter((one) => one.own || total(one) > 0);
        const rows = told.map((one) => [
          { text: one.workflowName ?? `(deleted) ${one.workflowId}`, paint: style.bold },
          ...RULED.map((end) => `${one.rules[end]}${one.due[end] > 0 ? ` (${one.due[end]} go)` : ''}`),
        ]);
        const server = [{ text: 'every other workflow', paint: style.dim }, ...RULED.map((end) => rules[end])];
        const head = ['WORKFLOW', ...RULED.map((end) => end.toUpperCase())];
        context.say(...table(head, [...rows, server], style, width));
        const due = items.reduce((sum, one) => sum + total(one), 0);
        const last =
          lastPass === null ? 'There was no pass yet.' : `The last pass began ${moment(lastPass.startedAt)} UTC.`;
        context.remark(`${due === 0 ? 'Nothing' : `${due} executions`} would go now. ${last}`);
        return EXIT.ok;
      }),
    );
};

type Item = Retention['items'][number];

const total = ({ due }: Item): number => RULED.reduce((sum, end) => sum + due[end], 0);

/** All its pages as one. */
async function wholeRetention(read: (cursor: string | undefined) => Promise<Retention>): Promise<Retention> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.nextCursor === null) return { ...page, items };
    cursor = page.nextCursor;
  }
}
