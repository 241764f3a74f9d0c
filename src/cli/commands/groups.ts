/** `groups`: how far behind groups of event triggers are, and the hand that sets one to another place of the log. */
import { everyPage } from '../../sdk/every-page.ts';
import type { EventGroup } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, counted, type Style, span } from '../text.ts';

interface Options {
  readonly reset?: string;
  readonly to?: string;
}

export const addGroups: AddCommand = (program, run) => {
  program
    .command('groups')
    .description('List groups of event triggers, and how far behind each is in the log of messages')
    .option('--reset <group>', 'set one elsewhere: its name, WORKFLOW/TRIGGER, or its id')
    .option('--to <place>', 'earliest, latest, or a time such as 2026-07-01T12:00:00Z')
    .action(
      run(async (context, { reset, to }: Options) => {
        if ((reset === undefined) !== (to === undefined)) {
          throw usage('Give both --reset GROUP and --to PLACE, or neither.');
        }
        const { eventGroups } = context.client();
        const found = await everyPage((query) => eventGroups.list(query));
        if (reset !== undefined && to !== undefined) {
          const id = found.find((one) => nameOf(one) === reset)?.id ?? reset;
          const group = await eventGroups.reset(id, { to });
          if (context.json) context.give(group);
          else context.say(`${clean(nameOf(group))} goes on from there: ${before(group)} before it`);
          return EXIT.ok;
        }
        if (context.json) context.give(found);
        else if (found.length === 0) context.remark('No workflow has an event trigger.');
        else context.say(...lines(found, context));
        return EXIT.ok;
      }),
    );
};

function nameOf({ group, members }: EventGroup): string {
  const [only] = members;
  return group ?? `${only?.workflowName}/${only?.trigger}`;
}

const before = ({ lag }: EventGroup): string =>
  lag.isMore ? `more than ${counted(lag.messages, 'message')}` : counted(lag.messages, 'message');

const COLORS: Readonly<Record<EventGroup['state'], Exclude<keyof Style, 'bold'>>> = {
  live: 'green',
  catching_up: 'cyan',
  paused: 'yellow',
};

function lines(found: readonly EventGroup[], { style, width }: Context): string[] {
  const rows = found.map((group) => [
    { text: clean(nameOf(group)), paint: style.bold },
    { text: group.state, paint: style[COLORS[group.state]] },
    group.lag.isMore ? `${group.lag.messages}+` : String(group.lag.messages),
    group.lag.messages === 0 ? '' : span(group.lag.ms),
    group.gone === 0 ? '' : String(group.gone),
    clean([...new Set(group.members.map(({ event }) => event))].join(', ')),
  ]);
  return table(['GROUP', 'STATE', 'BEHIND', 'OLDEST', 'GONE', 'HEARS'], rows, style, width);
}
