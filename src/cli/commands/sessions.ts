/** `sessions`: conversations with agents, the latest first, or a search in what was said. */
import { InvalidArgumentError } from 'commander';
import { formatNanos } from '../../core/money.ts';
import type { Session } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { moment } from '../text.ts';

interface Options {
  readonly user?: string;
  readonly agent?: string;
  readonly status?: 'active' | 'ended';
  readonly from?: string;
  readonly to?: string;
  readonly category?: string;
  readonly tags?: string;
  readonly find?: string;
  readonly limit: number;
}

export const addSessions: AddCommand = (program, run) => {
  program
    .command('sessions')
    .description('List conversations with agents, the latest activity first')
    .option('-u, --user <user>', 'id of the user')
    .option('-a, --agent <agent>', 'name of the agent')
    .option('-s, --status <status>', 'active or ended', toStatus)
    .option('--from <time>', 'last active at this time or later, such as 2026-07-01')
    .option('--to <time>', 'last active before this time')
    .option('-c, --category <category>', 'of this category')
    .option('-t, --tags <tags>', 'has all of these, separated by commas')
    .option('-f, --find <words>', 'search what was said and remembered instead')
    .option('-n, --limit <count>', 'at most so many, up to 100', toLimit, 20)
    .action(
      run(async (context, { find, ...options }: Options) =>
        find === undefined ? await list(context, options) : await search(context, find, options),
      ),
    );
};

function toStatus(text: string): 'active' | 'ended' {
  if (text === 'active' || text === 'ended') return text;
  throw new InvalidArgumentError('It is active or ended.');
}

function toLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 100.');
}

async function list(context: Context, options: Omit<Options, 'find'>): Promise<number> {
  const { user, agent, status, from, to, category, tags, limit } = options;
  const page = await context.client().sessions.list({ user, agent, status, from, to, category, tags, limit });
  if (context.json) context.give(page);
  else context.say(...rows(page.items, context));
  if (page.items.length === 0) context.remark('There are none.');
  else if (page.nextCursor !== null) context.remark(`There are more than ${limit}; see more with --limit.`);
  return EXIT.ok;
}

function rows(items: readonly Session[], { style, width }: Context): string[] {
  const shown = items.map((one) => [
    { text: one.key, paint: style.bold },
    one.agent,
    one.userId ?? '',
    { text: one.status, paint: one.status === 'active' ? style.green : style.dim },
    String(one.messageCount),
    formatNanos(one.cost),
    moment(one.lastActivity),
    lastOf(one),
  ]);
  const head = ['KEY', 'AGENT', 'USER', 'STATUS', 'MESSAGES', 'COST', 'ACTIVE (UTC)', 'LAST MESSAGE'];
  return table(head, shown, style, width);
}

/** Of a session that was projected before it was known who spoke last, what the agent said. */
function lastOf({ lastRole, lastUserMessage, lastResponse }: Session): string {
  return (lastRole === 'user' ? lastUserMessage : (lastResponse ?? lastUserMessage)) ?? '';
}

async function search(context: Context, q: string, { user, limit }: Omit<Options, 'find'>): Promise<number> {
  const found = await context.client().sessions.recall({ q, user, limit });
  if (context.json) context.give(found);
  else {
    const { style, width } = context;
    const shown = found.map((one) => [one.sessionKey, String(one.seq), moment(one.at), one.kind, one.text]);
    context.say(...table(['SESSION', 'EVENT', 'AT (UTC)', 'KIND', 'TEXT'], shown, style, width));
  }
  if (found.length === 0) context.remark('Nothing was found.');
  return EXIT.ok;
}
