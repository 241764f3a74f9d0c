import { exitOfStatus } from '../follow.ts';
import type { AddCommand } from '../run-command.ts';
import { show } from '../screen.ts';

export const addWatch: AddCommand = (program, run) => {
  program
    .command('watch')
    .description('Follow an execution to its end; exits 0 completed, 1 failed, 2 canceled')
    .argument('<id>', 'of the execution')
    .action(
      run(async (context, id: string) => {
        if (!context.json) return exitOfStatus((await show(context, id, context.io.stdout)).status);
        // A document for each event, one a line.
        const { executions } = context.client();
        const { signal } = context.io;
        for await (const event of executions.events(id, signal && { signal })) {
          context.io.stdout.write(`${JSON.stringify(event)}\n`);
        }
        const { status } = await executions.get(id);
        return exitOfStatus(status);
      }),
    );
};
