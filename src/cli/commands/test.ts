/** Runs a document without saving it, from a file or as it is saved. */
import { isObject } from '../../core/json.ts';
import type { Context } from '../context.ts';
import { readWorkflow, type WorkflowFile } from '../document.ts';
import { CommandError, EXIT, usage } from '../exit.ts';
import { locate } from '../fault-lines.ts';
import { readInput } from '../read-input.ts';
import type { AddCommand } from '../run-command.ts';
import { waitFor } from './run.ts';

interface TestOptions {
  readonly input?: string;
  readonly until?: string;
  readonly pin: readonly string[];
  readonly wait?: boolean;
}

export const addTest: AddCommand = (program, run) => {
  program
    .command('test')
    .description('Run a workflow without saving it; what it does to the world is real')
    .argument('<file or name>', 'a workflow file, or the name of a workflow as it is saved')
    .option('-i, --input <input>', 'its input: JSON, a JSON or YAML file, or - for standard input')
    .option('--until <node>', 'run only this node and what it needs')
    .option('--pin <node=output>', 'do not run this node; its output is JSON, or @FILE', gather, [])
    .option('-w, --wait', 'follow it to its end, print its output, and exit 1 where it failed')
    .action(
      run(async (context, what: string, options: TestOptions) => {
        const file = isFile(what) ? await readWorkflow(what, context.io.cwd) : undefined;
        const id = await start(context, file === undefined ? what : nameOf(file), file, options);
        if (options.wait) return await waitFor(context, id);
        if (context.json) context.give({ executionId: id });
        else context.say(id);
        context.remark(`Follow it with \`myelin watch ${id}\`.`);
        return EXIT.ok;
      }),
    );
};

const gather = (one: string, before: readonly string[]): string[] => [...before, one];

/** Names have neither. */
const isFile = (what: string): boolean => /[./\\]/.test(what);

function nameOf({ name, document }: WorkflowFile): string {
  if (isObject(document) && typeof document.name === 'string') return document.name;
  throw new CommandError('invalid_definition', `${name} is no workflow: it has no name.`);
}

async function start(context: Context, name: string, file: WorkflowFile | undefined, options: TestOptions) {
  const { until } = options;
  const input = options.input === undefined ? undefined : await readInput('--input', options.input, context.io);
  const body = {
    ...(file !== undefined && { definition: file.document }),
    ...(input !== undefined && { input }),
    ...(until !== undefined && { until }),
    pins: await readPins(context, options.pin),
  };
  try {
    return await context.client().workflows.test(name, body);
  } catch (error) {
    throw file === undefined ? error : locate(error, file);
  }
}

async function readPins({ io }: Context, texts: readonly string[]): Promise<Record<string, unknown>> {
  const pins: Record<string, unknown> = {};
  for (const text of texts) {
    const [, node, output] = /^([\w./-]+)=(.+)$/s.exec(text) ?? [];
    if (node === undefined || output === undefined) throw usage(`--pin ${text}: write NODE=JSON, or NODE=@FILE.`);
    pins[node] = await readInput(`--pin ${node}`, output.replace(/^@/, ''), io);
  }
  return pins;
}
