/** `messages`: the log of messages, and one of it with what it says. */
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, moment } from '../text.ts';

interface Options {
  readonly type?: string;
  readonly topic?: string;
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

export const addMessages: AddCommand = (program, run) => {
  program
    .command('messages')
    .description('List the log of messages, newest first; with a position, print that one')
    .argument('[position]', 'of a message in the log')
    .option('--type <pattern>', 'such as order.created, or order.*')
    .option('--topic <topic>', 'only of this topic')
    .option('--key <key>', 'only of this key')
    .option('--from <time>', 'written at this time or later, such as 2026-07-01T12:00:00Z')
    .option('--to <time>', 'written before this time')
    .option('--limit <number>', 'at most so many', '20')
    .action(
      run(async (context, position: string | undefined, options: Options) => {
        if (position === undefined) await list(context, options);
        else await show(context, position);
        return EXIT.ok;
      }),
    );
};

async function list(context: Context, { limit, ...filter }: Options): Promise<void> {
  const { items } = await context.client().events.list({ ...filter, limit: Number(limit) });
  if (context.json) return context.give(items);
  if (items.length === 0) return context.remark('No message is in the log that fits.');
  const { style, width } = context;
  const rows = items.map(({ position, type, topic, key, source, at }) => [
    String(position),
    { text: clean(type), paint: style.bold },
    clean(topic ?? ''),
    clean(key ?? ''),
    clean(source),
    moment(at),
  ]);
  context.say(...table(['POSITION', 'TYPE', 'TOPIC', 'KEY', 'SOURCE', 'WRITTEN (UTC)'], rows, style, width));
}

async function show(context: Context, position: string): Promise<void> {
  if (!/^[1-9]\d{0,15}$/.test(position)) throw usage(`${position} is no position: it takes a number of the list.`);
  const message = await context.client().events.get(Number(position));
  if (context.json) context.give(message);
  else context.say(JSON.stringify(message.event, null, 2));
}
