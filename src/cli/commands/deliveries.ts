/** `deliveries`: what became of webhooks that were sent to others, attempt by attempt; it sends one again. */
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
  readonly resend?: string;
  readonly idempotencyKey?: string;
}

export const addDeliveries: AddCommand = (program, run) => {
  program
    .command('deliveries')
    .description('List attempts to send webhooks to others, newest first')
    .option('--connection <name>', 'only by this connection')
    .option('--execution <id>')
    .option('--failed', 'only those that were not taken')
    .option('--limit <count>', 'at most this many', '50')
    .option('--resend <id>', 'send this one again, under the same webhook-id')
    .option('--idempotency-key <key>', 'with --resend: the same key sends it again once')
    .action(
      run(async (context, { connection, execution, failed, limit, resend, idempotencyKey }: Options) => {
        const { deliveries } = context.client();
        if (resend !== undefined) {
          const one = await deliveries.resend(resend, idempotencyKey === undefined ? {} : { idempotencyKey });
          if (context.json) context.give(one);
          else context.say(...lines([one], context));
          return isTaken(one) ? EXIT.ok : EXIT.failed;
        }
        const { items } = await deliveries.list({
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

const isTaken = ({ status }: Items[number]): boolean => status !== null && status < 300;

function lines(items: Items, { style, width }: Context): string[] {
  const rows = items.map((one) => [
    one.id,
    moment(one.at),
    { text: one.connection, paint: style.bold },
    one.type,
    {
      text: one.status === null ? (one.error ?? '') : String(one.status),
      paint: isTaken(one) ? style.green : style.red,
    },
    one.repeats === null ? String(one.attempt) : 'again',
    `${one.durationMs} ms`,
    one.executionId,
    { text: clean(one.response ?? ''), paint: style.dim },
  ]);
  const head = ['ID', 'AT (UTC)', 'CONNECTION', 'TYPE', 'ANSWER', 'ATTEMPT', 'TOOK', 'EXECUTION', 'IT SAID'];
  return table(head, rows, style, width);
}
