import { z } from 'zod';
import { connectionDependency, connectionField, openConnection } from '../../core/connections/connection-field.ts';
import { postgres } from '../../core/connections/types/postgres.ts';
import { durationSchema, parseDuration } from '../../core/duration.ts';
import { dynamic, resolved } from '../../core/dynamic.ts';
import { MyelinError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { TaskNode } from '../../core/node-type.ts';
import type { Databases } from '../../ports/database.ts';

const MOST_ROWS = 10_000;
const MOST_COLUMNS = 1_000;
/** Of all rows as JSON, in characters. */
const LARGEST = 16 * 1024 * 1024;
const DEFAULT_TIMEOUT = '30s';

/** What PostgreSQL takes as a name; longer ones it would cut off. */
const isName = (text: string): boolean => text !== '' && !text.includes('\0') && Buffer.byteLength(text) <= 63;
const column = z.string().refine(isName, 'takes the name of a column, at most 63 bytes');
const row = z.custom<JsonObject>(isObject, 'takes an object of columns and values').meta({ type: 'object' });
const rows = z.union([row, z.array(row).max(MOST_ROWS)]);

const plain = z.strictObject({
  connection: connectionField(postgres),
  table: z
    .string()
    .refine((text) => text.split('.').length <= 2 && text.split('.').every(isName), 'takes table, or schema.table')
    .describe('Such as orders, or shop.orders'),
  rows: rows.optional().describe('Values by column: an object, or a list of them; default the input of this node'),
  onConflict: z
    .enum(['fail', 'skip', 'update'])
    .optional()
    .describe('Where a row of the same key is there: fail (default), leave it, or change it'),
  key: z.array(column).min(1).max(32).optional().describe('Columns of the key; `update` needs them'),
  returning: z.array(column).min(1).max(MOST_COLUMNS).optional().describe('Columns of the written rows to output'),
  timeout: durationSchema.optional().describe(`For the statement; default ${DEFAULT_TIMEOUT}`),
});
const { shape } = plain;

export const postgresInsertConfig = z
  .strictObject({
    ...shape,
    rows: dynamic(rows)
      .optional()
      .describe(shape.rows.description ?? ''),
    timeout: dynamic(durationSchema)
      .optional()
      .describe(shape.timeout.description ?? ''),
  })
  .refine(({ onConflict, key }) => onConflict !== 'update' || key !== undefined, {
    path: ['key'],
    message: 'is needed with `onConflict: update`',
  })
  .refine(({ onConflict, key }) => key === undefined || (onConflict !== undefined && onConflict !== 'fail'), {
    path: ['key'],
    message: 'goes with `onConflict: skip` or `update`',
  });
export type PostgresInsertConfig = z.infer<typeof postgresInsertConfig>;
type Resolved = z.infer<typeof plain>;

/**
 * Output `{ rows, rowCount, truncated }`, with rows where `returning` asks for them. Throws what `Databases.run` and a
 * connection throw, `config_invalid` and `limit_exceeded`.
 */
export function postgresInsertNode(databases: Pick<Databases, 'run'>): TaskNode<PostgresInsertConfig> {
  return {
    type: 'postgres.insert',
    version: 1,
    description: 'Writes rows to a table of a PostgreSQL database; those that are there are left or changed.',
    example: {
      connection: 'shop-db',
      table: 'orders',
      rows: { id: '{{ $json.id }}', total: '{{ $json.total }}' },
      onConflict: 'update',
      key: ['id'],
    },
    config: postgresInsertConfig,
    first: ['connection', 'table', 'rows', 'onConflict', 'key'],
    ports: () => ['out', 'error'],
    effect: ({ onConflict = 'fail' }) => (onConflict === 'fail' ? 'irreversible' : 'idempotent'),
    dependency: connectionDependency,
    async run(written, task) {
      const config = resolved(plain, { rows: task.input, ...written });
      const list = Array.isArray(config.rows) ? config.rows : [config.rows ?? {}];
      if (list.length === 0) return { output: { rows: [], rowCount: 0, truncated: false } };
      const json = JSON.stringify(list);
      if (json.length > LARGEST) {
        throw new MyelinError(
          'limit_exceeded',
          `rows: ${json.length} characters of JSON, at most ${LARGEST} are written`,
        );
      }
      const statement = {
        ...{ sql: insertSql(config, columnsOf(list)), params: [json], write: true, maxRows: MOST_ROWS },
        timeoutMs: parseDuration(config.timeout ?? DEFAULT_TIMEOUT),
      };
      return {
        output: await databases.run(await openConnection(task, config.connection, postgres), statement, task.signal),
      };
    },
  };
}

/** Of all rows together, in the order in which they are met. */
function columnsOf(list: readonly JsonObject[]): string[] {
  const columns = [...new Set(list.flatMap((one) => Object.keys(one)))];
  const wrong = columns.find((name) => !isName(name));
  if (wrong !== undefined)
    throw new MyelinError('config_invalid', `rows: ${JSON.stringify(wrong.slice(0, 100))} is no name of a column`);
  if (columns.length === 0 || columns.length > MOST_COLUMNS) {
    throw new MyelinError(
      'config_invalid',
      `rows: they have ${columns.length} columns, and 1 to ${MOST_COLUMNS} are taken`,
    );
  }
  return columns;
}

/**
 * One statement for any number of rows, which come as one parameter: the table itself says of which types they are.
 * Names cannot be parameters, and are quoted.
 */
function insertSql({ table, onConflict = 'fail', key = [], returning }: Resolved, columns: readonly string[]): string {
  const into = table.split('.').map(quoted).join('.');
  const names = columns.map(quoted).join(', ');
  return [
    `insert into ${into} (${names})`,
    `select ${names} from json_populate_recordset(null::${into}, $1::json)`,
    conflictSql(onConflict, key, columns),
    returning === undefined ? '' : `returning ${returning.map(quoted).join(', ')}`,
  ].join(' ');
}

function conflictSql(
  onConflict: 'fail' | 'skip' | 'update',
  key: readonly string[],
  columns: readonly string[],
): string {
  if (onConflict === 'fail') return '';
  const target = key.length === 0 ? '' : `(${key.map(quoted).join(', ')})`;
  const rest = columns.filter((name) => !key.includes(name)).map(quoted);
  if (onConflict === 'skip' || rest.length === 0) return `on conflict ${target} do nothing`;
  return `on conflict ${target} do update set ${rest.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
