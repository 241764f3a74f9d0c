/** `deliveries`: what became of webhooks that were sent to others, attempt by attempt. */
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { clean, moment } from '../text.ts';

interface Options {
  readonly connection?: string;
  readonly execution?: string;
  readonly failed?: boolean;
  readonly limit?: string;
}

export const addDeliveries: AddCommand = (program, run) => {
  program
    .command('deliveries')
    .description('List attempts to send webhooks to others, newest first')
    .option('--connection <name>', 'only by this connection')
    .option('--execution <id>')
    .option('--failed', 'only those that were not taken')
    .option('--limit <count>', 'at most this many', '50')
    .action(
      run(async (context, { connection, execution, failed, limit }: Options) => {
        const { items } = await context.client().deliveries.list({
          ...{ connection, execution, limit: Number(limit) },
          ...(failed && { failed: 'true' as const }),
        });
        if (context.json) context.give(items);
        else if (items.length === 0)
          context.remark('No webhook was sent, or it is longer ago than executions are kept.');
        else context.say(...lines(items, context));
        return EXIT.ok;
      }),
    );
};

type Items = Awaited<ReturnType<ReturnType<Context['client']>['deliveries']['list']>>['items'];

function lines(items: Items, { style, width }: Context): string[] {
  const rows = items.map(({ at, connection, type, status, error, attempt, durationMs, executionId, response }) => [
    moment(at),
    { text: connection, paint: style.bold },
    type,
    {
      text: status === null ? (error ?? '') : String(status),
      paint: status !== null && status < 300 ? style.green : style.red,
    },
    String(attempt),
    `${durationMs} ms`,
    executionId,
    { text: clean(response ?? ''), paint: style.dim },
  ]);
  const head = ['AT (UTC)', 'CONNECTION', 'TYPE', 'ANSWER', 'ATTEMPT', 'TOOK', 'EXECUTION', 'IT SAID'];
  return table(head, rows, style, width);
}
