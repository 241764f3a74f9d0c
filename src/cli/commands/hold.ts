/** `pause` and `resume`: of one execution by its id, or of a workflow by its name. */
import { isUuid } from '../../core/uuid.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';

interface Options {
  readonly reason?: string;
  readonly executions?: boolean;
}

const holding =
  (name: 'pause' | 'resume', description: string, done: string): AddCommand =>
  (program, run) => {
    program
      .command(name)
      .description(description)
      .argument('<id or name>', 'id of an execution, or name of a workflow')
      .option('--executions', 'of a workflow: its running executions too')
      .option('--reason <text>', 'kept in the history of the execution')
      .action(
        run(async (context, target: string, { reason, executions }: Options) => {
          const client = context.client();
          const isExecution = isUuid(target);
          const change = name === 'pause' ? client.workflows.pause : client.workflows.activate;
          const answer = isExecution
            ? await client.executions[name](target, { reason })
            : await change(target, { executions: executions === true });
          if (context.json) context.give(answer);
          else context.say(`${target} ${done}`);
          return EXIT.ok;
        }),
      );
  };

export const addPause = holding('pause', 'Hold an execution, or let nothing start a workflow', 'is paused');
export const addResume = holding('resume', 'Let a paused execution or workflow go on', 'goes on');
