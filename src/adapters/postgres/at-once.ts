/**
 * Statements sent as one message. PostgreSQL runs them as one transaction that the end of the message commits: one
 * round trip and one answer, all of it or nothing, and no process that is paused holds rows between two statements.
 */
import pg from 'pg';
import type { Query } from './query.ts';

interface Named extends Query {
  /** Of the prepared statement. */
  readonly name: string;
}

/** Resolves when it is committed. */
export async function sendAtOnce(client: pg.PoolClient, queries: readonly Named[]): Promise<void> {
  const { parsedStatements: known } = (client as unknown as Driven).connection;
  const unknown = new Map(queries.filter(({ name }) => !(name in known)).map((one) => [one.name, one]));
  const preparations = [...unknown.values()].map((one) => send(client, new Preparation(one)));
  await Promise.all([...preparations, send(client, new Batch(queries))]);
}

/** What the driver has beside its types: the statements that a connection has prepared, by name. */
interface Driven {
  readonly connection: { readonly parsedStatements: Readonly<Record<string, string>> };
}

const send = (client: pg.PoolClient, query: pg.Query): Promise<void> =>
  new Promise((resolve, reject) => {
    const callback = (error: unknown) => (error ? reject(error) : resolve());
    client.query(Object.assign(query, { callback }));
  });

/** A message of its own for each: the driver learns from the answer to which one PostgreSQL knows now. */
class Preparation extends pg.Query {
  readonly #query: Named;

  constructor(query: Named) {
    super({ text: query.text, name: query.name });
    this.#query = query;
  }

  override submit = (connection: pg.Connection): void => {
    const { name, text } = this.#query;
    connection.parse({ name, text, types: [] }, true);
    connection.sync();
  };
}

class Batch extends pg.Query {
  readonly #queries: readonly Named[];

  constructor(queries: readonly Named[]) {
    super({ text: '' });
    this.#queries = queries;
  }

  override submit = (connection: pg.Connection): void => {
    connection.stream.cork();
    for (const { name, parameters } of this.#queries) {
      connection.bind({ statement: name, values: parameters.map(String) }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  };

  /** Nobody asked what rows look like, and nobody reads them. */
  handleDataRow(): void {}

  handleCommandComplete(): void {}
}
