import type { WorkflowSummary } from '../../sdk/index.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { moment } from '../text.ts';

export const addWorkflows: AddCommand = (program, run) => {
  program
    .command('workflows')
    .description('List the workflows by name')
    .action(
      run(async (context) => {
        const client = context.client();
        const found: WorkflowSummary[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await client.workflows.list({ limit: 200, ...(cursor && { cursor }) });
          found.push(...page.items);
          cursor = page.nextCursor;
        }
        if (context.json) context.give(found);
        else if (found.length === 0) context.remark('There are no workflows. Save one with `myelin deploy FILE`.');
        const { style, width } = context;
        const rows = found.map((one) => [
          { text: one.name, paint: style.bold },
          `v${one.version}`,
          { text: one.status, paint: one.status === 'active' ? style.green : style.yellow },
          String(one.nodes),
          [...new Set(one.triggers), ...(one.tool === null ? [] : [`tool ${one.tool}`])].join(', '),
          moment(one.updatedAt),
          one.description ?? '',
        ]);
        const head = ['NAME', 'VERSION', 'STATUS', 'NODES', 'STARTED BY', 'UPDATED (UTC)', 'DESCRIPTION'];
        if (!context.json) context.say(...table(head, rows, style, width));
        return EXIT.ok;
      }),
    );
};
