/** `breakers`: what is left alone since it failed too often, and the hand that lets calls through again. */
import type { CircuitBreaker } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { moment } from '../text.ts';

export const addBreakers: AddCommand = (program, run) => {
  program
    .command('breakers')
    .description('List the circuits of hosts and models that failed lately')
    .option('--reset <name>', 'close one: calls go through again')
    .action(
      run(async (context, { reset }: { reset?: string }) => {
        const { circuitBreakers } = context.client();
        if (reset !== undefined) {
          const closed = await circuitBreakers.reset(reset);
          if (context.json) context.give(closed);
          else context.say(`${closed.name} is closed`);
          return EXIT.ok;
        }
        const found = await circuitBreakers.list();
        if (context.json) context.give(found);
        else if (found.length === 0) context.remark('Nothing has failed lately.');
        else context.say(...lines(found, context));
        return EXIT.ok;
      }),
    );
};

function lines(found: readonly CircuitBreaker[], { style, width }: Context): string[] {
  const colors = { closed: style.green, half_open: style.yellow, open: style.red };
  const rows = found.map(({ name, state, calls, failures, openUntil }) => [
    { text: name, paint: style.bold },
    { text: state, paint: colors[state] },
    `${failures} of ${calls}`,
    openUntil === null ? '' : moment(openUntil),
  ]);
  return table(['DEPENDENCY', 'STATE', 'FAILURES', 'OPEN UNTIL (UTC)'], rows, style, width);
}
