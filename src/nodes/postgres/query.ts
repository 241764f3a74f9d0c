import { z } from 'zod';
import { connectionDependency, connectionField, openConnection } from '../../core/connections/connection-field.ts';
import { postgres } from '../../core/connections/types/postgres.ts';
import { durationSchema, parseDuration } from '../../core/duration.ts';
import { dynamic, resolved } from '../../core/dynamic.ts';
import type { TaskNode } from '../../core/node-type.ts';
import type { Databases } from '../../ports/database.ts';

const DEFAULT_ROWS = 1_000;
const DEFAULT_TIMEOUT = '30s';

const plain = z.strictObject({
  connection: connectionField(postgres),
  sql: z
    .string()
    .min(1)
    .max(100_000)
    .refine((text) => !text.includes('{{'), 'takes no {{ }}: write $1, $2, … and give the values in params')
    .describe('One statement; its values are $1, $2, …'),
  params: z.array(z.unknown()).max(10_000).optional().describe('Values of $1, $2, …'),
  maxRows: z.int().min(1).max(10_000).optional().describe(`Rows that are kept; default ${DEFAULT_ROWS}`),
  timeout: durationSchema.optional().describe(`For the statement; default ${DEFAULT_TIMEOUT}`),
  write: z.boolean().optional().describe('It may change something; else the transaction is read only'),
  idempotent: z.boolean().optional().describe('With `write`: to run it again changes nothing more'),
});
const { shape } = plain;

export const postgresQueryConfig = z
  .strictObject({
    ...shape,
    params: dynamic(z.array(z.unknown()).max(10_000)).optional().describe('Values of $1, $2, …'),
    maxRows: dynamic(shape.maxRows.unwrap()).optional().describe(`Rows that are kept; default ${DEFAULT_ROWS}`),
    timeout: dynamic(durationSchema).optional().describe(`For the statement; default ${DEFAULT_TIMEOUT}`),
  })
  .refine(({ write, idempotent }) => write === true || idempotent !== true, {
    path: ['idempotent'],
    message: 'goes with `write: true`; a statement that reads may always run again',
  });
export type PostgresQueryConfig = z.infer<typeof postgresQueryConfig>;

/** Output `{ rows, rowCount, truncated }`. Throws what `Databases.run` and a connection throw, and `config_invalid`. */
export function postgresQueryNode(databases: Pick<Databases, 'run'>): TaskNode<PostgresQueryConfig> {
  return {
    type: 'postgres.query',
    version: 1,
    description: 'Runs a statement in a PostgreSQL database and outputs its rows.',
    example: {
      connection: 'shop-db',
      sql: 'select id, total from orders where customer = $1',
      params: ['{{ $json.customer }}'],
    },
    config: postgresQueryConfig,
    first: ['connection', 'sql', 'params', 'write'],
    raw: ['sql'],
    ports: () => ['out', 'error'],
    effect: ({ write, idempotent }) => {
      if (write !== true) return 'read';
      return idempotent === true ? 'idempotent' : 'irreversible';
    },
    dependency: connectionDependency,
    async run(written, task) {
      const { connection, sql, params = [], maxRows = DEFAULT_ROWS, timeout, write = false } = resolved(plain, written);
      const config = await openConnection(task, connection, postgres);
      const timeoutMs = parseDuration(timeout ?? DEFAULT_TIMEOUT);
      return { output: await databases.run(config, { sql, params, maxRows, timeoutMs, write }, task.signal) };
    },
  };
}
