/** `models`: which models the server can ask, what they cost, and what keeps one from being asked. */
import { formatDuration } from '../../core/duration.ts';
import type { Model } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table, withoutEmpty } from '../table.ts';

export const addModels: AddCommand = (program, run) => {
  program
    .command('models')
    .description('List the models of the settings and the providers, with price, limits and what is missing')
    .action(
      run(async (context) => {
        const found = await context.client().models.list();
        if (context.json) context.give(found);
        else context.say(...lines(found, context));
        return EXIT.ok;
      }),
    );
};

function lines(found: readonly Model[], { style, width }: Context): string[] {
  const rows = found.map((model) => [
    { text: model.name, paint: style.bold },
    model.tries.join(', '),
    priceOf(model),
    model.window === null ? '' : String(model.window),
    limitsOf(model),
    model.problem === null ? { text: 'ready', paint: style.green } : { text: model.problem, paint: style.yellow },
  ]);
  const head = ['MODEL', 'TRIES', 'PRICE (1M IN / OUT)', 'WINDOW', 'LIMITS', 'STATE'];
  return table(...withoutEmpty(head, rows), style, width);
}

const priceOf = ({ price }: Model): string =>
  price === null ? '' : `${price.input} / ${price.output} ${price.currency}`;

function limitsOf({ concurrency, perMinute, timeoutMs }: Model): string {
  const limits = [
    concurrency === null ? [] : `${concurrency} at once`,
    perMinute === null ? [] : `${perMinute} a minute`,
    timeoutMs === null ? [] : formatDuration(timeoutMs),
  ];
  return limits.flat().join(', ');
}
