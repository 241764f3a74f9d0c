/** The command line: reads it, runs one command, and turns whatever happens into text and an exit code. */
import { Command, CommanderError } from 'commander';
import { addApprovals } from './commands/approvals.ts';
import { addArchive } from './commands/archive.ts';
import { addBreakers } from './commands/breakers.ts';
import { addCancel, addResolve, addRetry, addSkip } from './commands/change-execution.ts';
import { addChat } from './commands/chat.ts';
import { addConfig } from './commands/config.ts';
import { addConnections } from './commands/connections.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addApprove, addDelegate } from './commands/decide.ts';
import { addDelete } from './commands/delete.ts';
import { addDeliveries } from './commands/deliveries.ts';
import { addDeploy } from './commands/deploy.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmit } from './commands/emit.ts';
import { addExecutions } from './commands/executions.ts';
import { addFeed } from './commands/feed.ts';
import { addFlow } from './commands/flow.ts';
import { addGroups } from './commands/groups.ts';
import { addPause, addResume } from './commands/hold.ts';
import { addKeys } from './commands/keys.ts';
import { addMessages } from './commands/messages.ts';
import { addModels } from './commands/models.ts';
import { addBudgets, addCalls, addUsage } from './commands/money.ts';
import { addOpen } from './commands/open.ts';
import { addProjections } from './commands/projections.ts';
import { addPrompts } from './commands/prompts.ts';
import { addReplay, addReplays } from './commands/replay.ts';
import { addRequeue } from './commands/requeue.ts';
import { addRetention } from './commands/retention.ts';
import { addRun } from './commands/run.ts';
import { addSchemas } from './commands/schemas.ts';
import { addSession } from './commands/session.ts';
import { addSessions } from './commands/sessions.ts';
import { addStart } from './commands/start.ts';
import { addStats } from './commands/stats.ts';
import { addStream } from './commands/stream.ts';
import { addTemplates } from './commands/templates.ts';
import { addTest } from './commands/test.ts';
import { addTools } from './commands/tools.ts';
import { addTriggers } from './commands/triggers.ts';
import { addTypes } from './commands/types.ts';
import { addValidate } from './commands/validate.ts';
import { addRollback, addVersions } from './commands/versions.ts';
import { addWatch } from './commands/watch.ts';
import { addWorkflows } from './commands/workflows.ts';
import { createContext, type Options } from './context.ts';
import { EXIT, failureOf } from './exit.ts';
import type { Io } from './io.ts';
import type { AddCommand, Run } from './run-command.ts';
import { styleFor } from './text.ts';
import { readVersion } from './version.ts';

export type { Io, Server } from './io.ts';

const COMMANDS: readonly AddCommand[] = [
  addStart,
  addOpen,
  addKeys,
  addDeploy,
  addWorkflows,
  addVersions,
  addRollback,
  addRun,
  addTest,
  addChat,
  addEmit,
  addMessages,
  addReplay,
  addReplays,
  addGroups,
  addSchemas,
  addExecutions,
  addWatch,
  addStream,
  addCancel,
  addRetry,
  addPause,
  addResume,
  addSkip,
  addResolve,
  addDelete,
  addDeadLetters,
  addRequeue,
  addArchive,
  addFlow,
  addTriggers,
  addRetention,
  addApprovals,
  addApprove,
  addDelegate,
  addPrompts,
  addConnections,
  addDeliveries,
  addFeed,
  addSessions,
  addSession,
  addProjections,
  addBreakers,
  addModels,
  addStats,
  addUsage,
  addCalls,
  addBudgets,
  addTemplates,
  addValidate,
  addTypes,
  addTools,
  addConfig,
  addDoctor,
];

/** `argv` is what follows the program's name. Resolves with the exit code; never rejects. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exit: number = EXIT.ok;
  const run: Run =
    (body) =>
    async (...args) => {
      const options = (args.at(-1) as Command).opts<Options>();
      // Commander gives the arguments and options that the command declared.
      exit = await attempt(io, options, () => body(createContext(io, options), ...(args as never)));
    };
  try {
    await createProgram(io, run).parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    // Commander has said already what is wrong with the line; help and version end this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return attempt(io, {}, () => Promise.reject(error));
  }
}

function createProgram(io: Io, run: Run): Command {
  const program = new Command('myelin')
    .description('Durable workflows for AI agents')
    .version(readVersion(), '-v, --version')
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 failed, 2 usage, 3 no server, 4 refused by the server. See docs/cli.md.',
    );
  for (const add of COMMANDS) add(program, run);
  for (const command of program.commands) {
    command.option('--json', 'machine-readable output on stdout');
  }
  return program;
}

async function attempt(io: Io, options: Options, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (thrown) {
    const { exit, text, error } = failureOf(thrown);
    if (options.json) io.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
    else io.stderr.write(`${styleFor(io.isTTY, io.env).red('myelin:')} ${text}\n`);
    return exit;
  }
}
