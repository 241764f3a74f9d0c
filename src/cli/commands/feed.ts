/** `feed`: where every event of the project goes; shows it, sets it, or ends it. */

import type { EventFeedAnswer } from '../../contract/event-feed.ts';
import { actionOf } from '../action-of.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { clean, moment } from '../text.ts';

type Action = (context: Context, words: readonly string[]) => Promise<number>;

const ACTIONS: Readonly<Record<string, Action>> = { show, set, remove };

export const addFeed: AddCommand = (program, run) => {
  program
    .command('feed')
    .description('Show to which broker every event of the project goes, and how far it is; set or remove it')
    .argument('[action]', 'show, set CONNECTION FIELD=VALUE…, or remove')
    .argument('[words...]')
    .addHelpText(
      'after',
      '\nFields are those of the publish node of the connection, such as topic=audit; values may be JSON.',
    )
    .action(
      run(async (context, word: string = 'show', words: readonly string[] = []) => {
        const action = actionOf(ACTIONS, word);
        return await action(context, words);
      }),
    );
};

async function show(context: Context): Promise<number> {
  const feed = await context.client().eventFeed.get();
  if (context.json) context.give(feed);
  else if (feed === null) context.remark('There is none; begin one with `myelin feed set CONNECTION topic=…`.');
  else tell(context, feed);
  return EXIT.ok;
}

function tell(
  context: Context,
  { connection, type, target, state, error, retryAt, waiting, oldestAt }: EventFeedAnswer,
) {
  const { style } = context;
  const place = Object.entries(target).map(([name, value]) => `${name}=${textOf(value)}`);
  context.say(`${style.bold(connection)} (${type}) ${clean(place.join(' '))}`);
  if (error !== null) {
    const again = retryAt === null ? '' : `; tried again at ${moment(retryAt)} UTC`;
    context.say(`${style.red(state)} ${clean(error.message)}${again}`);
  }
  const since = oldestAt === null ? '' : `, the oldest since ${moment(oldestAt)} UTC`;
  context.say(waiting === 0 ? 'everything is sent' : `${waiting} events wait${since}`);
}

async function set(context: Context, words: readonly string[]): Promise<number> {
  const [connection, ...fields] = words;
  if (connection === undefined)
    throw usage('feed set takes the name of a connection, and where to, such as topic=audit.');
  const target = Object.fromEntries(
    fields.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw usage('Fields are given as FIELD=VALUE.');
      return [word.slice(0, at), readValue(word.slice(at + 1))];
    }),
  );
  const feed = await context.client().eventFeed.set({ connection, target });
  if (context.json) context.give(feed);
  else context.say(`every event goes to ${connection} from now on; see how far it is with \`myelin feed\``);
  return EXIT.ok;
}

async function remove(context: Context): Promise<number> {
  await context.client().eventFeed.remove();
  if (context.json) context.give({ removed: true });
  else context.say('the feed is removed');
  return EXIT.ok;
}

/** JSON, or else the text itself. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
