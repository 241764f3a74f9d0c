/**
 * The first start shows what the program does: it deploys the example, sends it an incident by its webhook, draws the
 * execution, decides what it asks of a person, and draws it until it has ended. All of it goes over HTTP, as it would from anywhere else. What fails here is a
 * remark; the server goes on.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import { createClient, type Definition, type Execution } from '../sdk/index.ts';
import type { Context } from './context.ts';
import { readWorkflow } from './document.ts';
import { CommandError, failureOf } from './exit.ts';
import type { Server } from './io.ts';
import { show } from './screen.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/incident-triage.yaml', import.meta.url));
const PATH = 'incidents';
/** Critical by the rules of the scripted model, so that the error branch shows. */
const FIRST = { service: 'orders', log: 'ECONNREFUSED 10.0.0.7:5432: connection refused' };
/** For the reader: another branch. */
const NEXT = { service: 'search', log: 'out of memory' };

export async function demonstrate(context: Context, config: Config, server: Server): Promise<void> {
  const { url, ownerKey, asked } = server;
  const client = () => createClient({ url, apiKey: ownerKey });
  const here: Context = { ...context, io: { ...context.io, signal: asked }, client };
  try {
    tellWhatComes(here);
    const id = await fire(here);
    const asking = await show(here, id, here.io.stdout, { until: (view) => questionOf(view) !== undefined });
    const question = questionOf(asking);
    if (question !== undefined) {
      await approve(here, config, question);
      await show(here, id, here.io.stdout, { after: asking });
    }
    tellWhatNext(here, config, url, id);
  } catch (error) {
    if (!asked.aborted)
      context.remark(`The demonstration ended early: ${failureOf(error).text}`, 'The server runs on.');
  }
}

function tellWhatComes({ say, io }: Context): void {
  say(
    `First start: here is ${relative(io.cwd, EXAMPLE)} at work. An agent with a scripted model sorts an incident; as it`,
    'is critical, a person is asked before anything is restarted. Nothing listens at the address of the restart, so you',
    'see a retry and the error branch too.',
    '',
  );
}

/** Id of the approval that is open. */
const questionOf = ({ waitingFor }: Execution): string | undefined =>
  waitingFor.find(({ reason }) => reason === 'approval')?.waitId;

async function approve({ client, say, style }: Context, config: Config, id: string): Promise<void> {
  say(
    '',
    'It waits for a person: it costs nothing meanwhile, and outlives any restart. You would say',
    style.cyan(`  ${homeOf(config)}npx myelin approve ${id}`),
    'which this first time the demonstration does itself.',
    '',
  );
  await client().approvals.decide(id, { decision: 'approved', by: 'demonstration' });
}

/** Returns the id of the execution. */
async function fire({ client, say, style }: Context): Promise<string> {
  const { document } = await readWorkflow(EXAMPLE, '/');
  const calls = client();
  await calls.workflows.create(document as Definition, { activate: true });
  const { status, body } = await calls.webhooks.send(PATH, FIRST);
  if (status !== 202) throw new CommandError('internal', `the webhook answered ${status}`);
  say(`${style.bold(`POST /webhooks/${PATH}`)}  202: it is durable from here on`, '');
  return (body as { readonly executionId: string }).executionId;
}

function tellWhatNext({ say, style }: Context, config: Config, url: string, id: string): void {
  const home = homeOf(config);
  const command = (text: string) => `  ${style.cyan(text)}`;
  say(
    '',
    'Send another, and stop the server with Ctrl-C or kill -9 while it runs: after the next start it goes on.',
    command(curlLine(`${url}/webhooks/${PATH}`, NEXT)),
    'Look at what it asks, at what ran, and at what the first one did:',
    command(`${home}npx myelin approvals`),
    command(`${home}npx myelin executions`),
    command(`${home}npx myelin watch ${id}`),
    '',
  );
}

const homeOf = (config: Config): string =>
  config.sources.MYELIN_HOME === 'default' ? '' : `MYELIN_HOME=${quote(config.home)} `;

function curlLine(url: string, body: unknown): string {
  return `curl -H 'content-type: application/json' -d ${quote(JSON.stringify(body))} ${url}`;
}

/** One word for any POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
