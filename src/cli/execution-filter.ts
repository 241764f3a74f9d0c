/** Options by which commands choose executions. */
import { type Command, InvalidArgumentError } from 'commander';
import { STATUSES, type Status } from '../core/execution/status.ts';
import { usage } from './exit.ts';

export interface ExecutionOptions {
  readonly status?: readonly Status[];
  readonly workflow?: string;
  readonly trigger?: string;
  readonly code?: string;
  readonly since?: string;
  readonly until?: string;
}

export function addExecutionOptions(command: Command): Command {
  return command
    .option('-s, --status <status>', `${STATUSES.join(', ')}; several with commas between`, toStatuses)
    .option('-w, --workflow <workflow>', 'name or id')
    .option('-t, --trigger <id>', 'started by this trigger; api, workflow or test where there was none')
    .option('-c, --code <code>', 'ended with this error')
    .option('--since <time>', 'created at this time or later')
    .option('--until <time>', 'created before this time');
}

const toStatuses = (text: string): readonly Status[] => text.split(',').map((one) => toStatus(one.trim()));

function toStatus(text: string): Status {
  const status = STATUSES.find((one) => one === text);
  if (status === undefined) throw new InvalidArgumentError(`It is one of ${STATUSES.join(', ')}.`);
  return status;
}

export const executionFilterOf = ({ status, workflow, trigger, code, since, until }: ExecutionOptions) => ({
  ...(status && { status: [...status] }),
  ...(workflow !== undefined && { workflow }),
  ...(trigger !== undefined && { trigger }),
  ...(code !== undefined && { code }),
  ...(since !== undefined && { from: since }),
  ...(until !== undefined && { to: until }),
});

/** Of a command that changes one execution, or all that fit: what it changes must be said. */
export function chosenExecutions(id: string | undefined, options: ExecutionOptions & { readonly all?: boolean }): void {
  const isFiltered = Object.keys(executionFilterOf(options)).length > 0;
  if (id !== undefined && (isFiltered || options.all)) throw usage('Name an id or a filter, not both.');
  if (id === undefined && !isFiltered && !options.all)
    throw usage('Name an id, or a filter such as --workflow, or --all.');
}
