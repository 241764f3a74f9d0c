/** Sends a message that event triggers listen for. */
import { fitsPattern } from '../../core/message-pattern.ts';
import type { Trigger } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { readInput } from '../read-input.ts';
import type { AddCommand } from '../run-command.ts';

interface EmitOptions {
  readonly data?: string;
  readonly key?: string;
  readonly topic?: string;
  readonly subject?: string;
  readonly source?: string;
  readonly id?: string;
}

export const addEmit: AddCommand = (program, run) => {
  program
    .command('emit')
    .description('Send a message that event triggers listen for')
    .argument('<type>', 'such as order.created')
    .option('-d, --data <data>', 'JSON, a JSON or YAML file, or - for standard input')
    .option('-k, --key <key>', 'messages of one key are delivered in order')
    .option('--topic <topic>', 'for listeners that name one')
    .option('--subject <subject>', 'what it is about')
    .option('--source <source>', 'where it comes from; default /api/events')
    .option('--id <id>', 'the same id from the same source within 24 h is the same message')
    .action(
      run(async (context, type: string, { data, key, topic, subject, source, id }: EmitOptions) => {
        const given = data === undefined ? {} : { data: await readInput('--data', data, context.io) };
        const ids = await context.client().events.send({ type, ...given, key, topic, subject, source, id });
        if (context.json) context.give({ ids });
        else {
          context.say(...ids);
          await tellUnheard(context, type, topic);
        }
        return EXIT.ok;
      }),
    );
};

/** A message that nobody hears is in the log all the same: no failure, but hardly what was meant. */
async function tellUnheard(context: Context, type: string, topic: string | undefined): Promise<void> {
  // Who may only send need not know who listens.
  const triggers = await context
    .client()
    .triggers.list()
    .catch(() => undefined);
  const hears = ({ config }: Trigger) =>
    (typeof config.event !== 'string' || fitsPattern(config.event, type)) &&
    (config.topic === undefined || config.topic === topic);
  if (triggers === undefined || triggers.some((one) => one.type === 'event' && one.active && hears(one))) return;
  context.remark(`No active trigger listens for ${type}; only executions that wait for it hear it.`);
}
