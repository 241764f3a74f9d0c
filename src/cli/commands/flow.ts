import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';

export const addFlow: AddCommand = (program, run) => {
  program
    .command('flow')
    .description('Show what flow control holds: lanes with those that run and those that wait')
    .action(
      run(async (context) => {
        const lanes = await context.client().flow();
        if (context.json) context.give(lanes);
        else if (lanes.length === 0) context.remark('Nothing waits, and nothing runs under a limit.');
        const { style, width } = context;
        const rows = lanes.map(({ workflowName, kind, key, running, waiting }) => [
          { text: workflowName, paint: style.bold },
          kind,
          String(running),
          { text: String(waiting), paint: waiting > 0 ? style.yellow : style.dim },
          key === null ? '' : JSON.stringify(key),
        ]);
        const head = ['WORKFLOW', 'LIMIT', 'RUNNING', 'WAITING', 'KEY'];
        if (!context.json) context.say(...table(head, rows, style, width));
        return EXIT.ok;
      }),
    );
};
