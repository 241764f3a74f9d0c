import { isUuid } from '../../core/uuid.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';

export const addDelete: AddCommand = (program, run) => {
  program
    .command('delete')
    .description('Delete an execution that has ended, with its history, or a workflow, with its versions')
    .argument('<id or name>', 'id of an execution, or name of a workflow')
    .action(
      run(async (context, target: string) => {
        const { executions, workflows } = context.client();
        const isExecution = isUuid(target);
        await (isExecution ? executions : workflows).delete(target);
        if (context.json) context.give({ [isExecution ? 'id' : 'name']: target, deleted: true });
        else context.say(`${target} is deleted`);
        return EXIT.ok;
      }),
    );
};
