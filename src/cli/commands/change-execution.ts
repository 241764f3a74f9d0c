/** What a person does with an execution, one call each: `cancel`, `retry`, `skip`, `resolve`. */
import type { BulkPage, Client } from '../../sdk/index.ts';
import { doToAll, sumWords } from '../bulk.ts';
import type { Context } from '../context.ts';
import {
  addExecutionOptions,
  chosenExecutions,
  type ExecutionOptions,
  executionFilterOf,
} from '../execution-filter.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';

interface Options extends ExecutionOptions {
  readonly all?: boolean;
  readonly reason?: string;
  readonly compensate?: boolean;
  readonly from?: string;
  readonly output?: string;
  readonly port?: string;
  readonly happened?: boolean;
  readonly notHappened?: boolean;
}

interface Change {
  readonly name: string;
  readonly description: string;
  /** What is said when it was done. */
  readonly done: string;
  /** Takes the address of a node. */
  readonly node?: true;
  /** Options besides `--reason`. */
  readonly options?: Readonly<Record<string, string>>;
  readonly call: (executions: Client['executions'], id: string, options: Options, path: string) => Promise<unknown>;
  /** The same for all that fit a filter. */
  readonly many?: ManyChange;
}

interface ManyChange {
  /** What is done, such as `canceled`. */
  readonly words: string;
  readonly call: (executions: Client['executions'], which: Which, options: Options) => Promise<BulkPage>;
}

interface Which {
  readonly filter: ReturnType<typeof executionFilterOf>;
  readonly cursor?: string;
}

/** Adds a command that changes one execution. */
const changing =
  (change: Change): AddCommand =>
  (program, run) => {
    const id = change.many ? '[id]' : '<id>';
    const command = program.command(change.name).description(change.description).argument(id, 'of the execution');
    if (change.node) command.argument('<path>', 'of the node, such as each[3]/fetch');
    for (const [flags, meaning] of Object.entries(change.options ?? {})) command.option(flags, meaning);
    command.option('--reason <text>', 'kept in its history');
    if (change.many) addExecutionOptions(command).option('--all', 'whatever it can be done to');
    command.action(
      run(async (context, id: string | undefined, ...rest: unknown[]) => {
        const path = change.node ? String(rest.shift()) : '';
        const options = rest[0] as Options;
        if (change.many) chosenExecutions(id, options);
        if (id === undefined) return change.many ? await many(context, change.many, options) : EXIT.usage;
        const answer = await change.call(context.client().executions, id, options, path);
        if (context.json) context.give(answer);
        else context.say(`${id} ${change.done}`);
        return EXIT.ok;
      }),
    );
  };

async function many(context: Context, { words, call }: ManyChange, options: Options): Promise<number> {
  if (options.from !== undefined) throw usage('`--from` names a node of one execution: name its id.');
  const filter = executionFilterOf(options);
  const { executions } = context.client();
  const sum = await doToAll(context, words, (more) => call(executions, { filter, ...more }, options));
  if (context.json) context.give(sum);
  else context.say(sumWords(sum, words));
  return EXIT.ok;
}

const OUTPUT = { '--output <json>': 'what counts as the output of the node' };

export const addCancel = changing({
  name: 'cancel',
  description: 'Cancel an execution that has not ended, or all that fit',
  done: 'is being canceled',
  options: { '--compensate': 'undo first what it did' },
  call: (executions, id, { reason, compensate }) => executions.cancel(id, { reason, compensate }),
  many: {
    words: 'canceled',
    call: (executions, which, { reason, compensate }) => executions.cancelMany({ ...which, reason, compensate }),
  },
});

export const addRetry = changing({
  name: 'retry',
  description: 'Let a failed execution go on from the nodes that failed, or all that fit; results are kept',
  done: 'goes on',
  options: { '--from <path>': 'run this node and all after it again' },
  call: (executions, id, { reason, from }) => executions.retry(id, { reason, from }),
  many: { words: 'retried', call: (executions, which, { reason }) => executions.retryMany({ ...which, reason }) },
});

export const addSkip = changing({
  name: 'skip',
  description: 'Let a node count as done that failed, waits or is at work',
  done: 'goes on without the node',
  node: true,
  options: { ...OUTPUT, '--port <name>': 'the port it leaves by; default its main port' },
  call: (executions, id, { reason, output, port }, path) =>
    executions.skip(id, { path, reason, port, ...(output !== undefined && { output: json(output) }) }),
});

export const addResolve = changing({
  name: 'resolve',
  description: 'Say what became of a node in doubt, whose process died while it acted',
  done: 'goes on',
  node: true,
  options: {
    '--happened': 'its effect happened: it counts as done',
    '--not-happened': 'it did not: the node runs again',
    ...OUTPUT,
  },
  call: (executions, id, { reason, output, happened = false, notHappened = false }, path) => {
    if (happened === notHappened) throw usage('Say either --happened or --not-happened.');
    return executions.resolve(id, { path, happened, reason, ...(output !== undefined && { output: json(output) }) });
  },
});

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`--output takes JSON; "${text}" is none. Text goes in double quotes: '"${text}"'.`);
  }
}
