/** `cancel`, `retry` and `delete`: one call each. */
import type { Client } from '../../sdk/index.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';

interface Options {
  readonly reason?: string;
}

type Change = (executions: Client['executions'], id: string, reason: string | undefined) => Promise<unknown>;

/** Adds a command that changes one execution. */
const changing =
  (name: string, description: string, done: string, change: Change): AddCommand =>
  (program, run) => {
    const command = program.command(name).description(description).argument('<id>', 'of the execution');
    if (name !== 'delete') command.option('--reason <text>', 'kept in its history');
    command.action(
      run(async (context, id: string, { reason }: Options) => {
        const answer = await change(context.client().executions, id, reason);
        if (context.json) context.give(answer ?? { id, deleted: true });
        else context.say(`${id} ${done}`);
        return EXIT.ok;
      }),
    );
  };

export const addCancel = changing(
  'cancel',
  'Cancel an execution that has not ended',
  'is being canceled',
  (executions, id, reason) => executions.cancel(id, reason),
);

export const addRetry = changing(
  'retry',
  'Let a failed execution go on from the nodes that failed; results are kept',
  'goes on',
  (executions, id, reason) => executions.retry(id, reason),
);

export const addDelete = changing(
  'delete',
  'Delete an execution that has ended, with its history',
  'is deleted',
  (executions, id) => executions.delete(id),
);
