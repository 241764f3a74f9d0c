/** Messages under SIGKILL of the relay: each that was emitted is heard, and once. */
import { afterEach, expect, test } from 'vitest';
import { openPostgres, type Postgres } from '../program/postgres.ts';
import { deploy, eventually, execute, reaches } from '../program/scene.ts';
import { Program } from '../program/server.ts';

let program: Program | undefined;
let relay: Program | undefined;
let database: Postgres | undefined;

afterEach(async () => {
  await Promise.all([program?.dispose(), relay?.dispose()]);
  await database?.close();
  [program, relay, database] = [undefined, undefined, undefined];
});

const TELLER = {
  name: 'teller',
  triggers: [{ id: 'hook', type: 'webhook', path: 'tell' }],
  nodes: [
    {
      id: 'tell',
      type: 'emit',
      config: { type: 'thing.told', data: '{{ $trigger.body }}', key: '{{ $trigger.body.n % 3 }}' },
    },
  ],
};
const HEARER = {
  name: 'hearer',
  triggers: [{ id: 'told', type: 'event', event: 'thing.*' }],
  nodes: [{ id: 'note', type: 'transform', config: { value: '{{ $trigger.data.n }}' } }],
};

/** Calls the webhook again and again; what got no answer is sent again with its key. */
class Caller {
  readonly acknowledged: number[] = [];
  readonly #server: Program;
  readonly #work: Promise<void>;
  #stopped = false;

  constructor(server: Program, first: number, step: number) {
    this.#server = server;
    this.#work = this.#run(first, step);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
  }

  async #run(first: number, step: number): Promise<void> {
    for (let n = first; !this.#stopped; n += step) {
      while (!(await this.#call(n))) await pause();
      this.acknowledged.push(n);
    }
  }

  async #call(n: number): Promise<boolean> {
    const answer = this.#server.call('POST', '/webhooks/tell', { n }, { 'idempotency-key': `${n}` });
    return await answer.then(
      ({ status }) => status === 202,
      () => false,
    );
  }
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause();
}

test.each(['relay.before-deliver', 'relay.after-deliver'])('SIGKILL at %s', async (label) => {
  const server = await Program.create();
  program = server;
  await server.start();
  for (const document of [TELLER, HEARER]) {
    expect(await server.call('POST', '/api/workflows?activate=true', document)).toMatchObject({ status: 201 });
  }
  await server.kill();
  await server.start({ MYELIN_CRASH_AT: `${label}:3` });
  const callers = [0, 1, 2, 3].map((first) => new Caller(server, first, 4));
  await server.ended();
  await server.start();
  const wanted = callers.map((one) => one.acknowledged.length + 10);
  await until(() => callers.every((one, at) => one.acknowledged.length >= wanted[at]!));
  await Promise.all(callers.map((one) => one.stop()));
  await until(() => isSettled(server));
  const acknowledged = callers.flatMap((one) => one.acknowledged).sort((a, b) => a - b);
  expect((await outputs(server, 'teller')).length).toBe(acknowledged.length);
  const heard = (await outputs(server, 'hearer')) as number[];
  expect(heard.sort((a, b) => a - b)).toEqual(acknowledged);
});

const ROUNDS = 4;
const LOOPER = {
  name: 'looper',
  nodes: [
    {
      id: 'each',
      type: 'loop',
      config: {
        times: ROUNDS,
        body: { nodes: [{ id: 'w', type: 'wait', config: { for: 'event', type: 'thing.told' } }] },
      },
    },
  ],
};

test('SIGKILL of the relay after each delivery, while an execution waits for events in a loop', async () => {
  database = await openPostgres();
  const server = await Program.create({ DATABASE_URL: database.url, MYELIN_ROLES: 'api,worker' });
  program = server;
  await server.start();
  const dying = await Program.create({
    ...{ DATABASE_URL: database.url, MYELIN_HOME: '/proc/nowhere' },
    ...{ MYELIN_ROLES: 'scheduler', MYELIN_API_KEY: server.apiKey },
  });
  relay = dying;
  await deploy(server, LOOPER);
  const id = await execute(server, 'looper');
  const waits = async (round: number) => {
    const { body } = await server.call('GET', `/api/executions/${id}`);
    const isThere = body.waitingFor?.some(({ path }: { path: string }) => path === `each[${round}]/w`);
    return isThere || (round === ROUNDS && body.status === 'completed') ? true : undefined;
  };
  for (let n = 0; n < ROUNDS; n++) {
    await eventually(() => waits(n), 60_000);
    // What the relay before has delivered comes first, and again; it must be no answer to this round.
    await dying.start({ MYELIN_CRASH_AT: `relay.after-deliver:${n === 0 ? 1 : 2}` });
    await eventually(async () => ((await isDelivered(server)) ? true : undefined), 60_000);
    expect(await server.call('POST', '/api/events', { ...TOLD, id: `${n}`, data: { n } })).toMatchObject({
      status: 202,
    });
    await dying.ended();
  }
  await dying.start();
  const { output } = await reaches(server, id, 'completed');
  expect(output.map(({ signal }: { signal: { data: { n: number } } }) => signal.data.n)).toEqual([0, 1, 2, 3]);
});

const TOLD = { specversion: '1.0', source: '/test', type: 'thing.told' };

/** No message waits. */
async function isDelivered(server: Program): Promise<boolean> {
  const { body } = await server.call('GET', '/metrics');
  return /^myelin_message_lag_seconds 0$/m.test(String(body));
}

/** Nothing is unfinished, then no message waits, then still nothing is unfinished. */
async function isSettled(server: Program): Promise<boolean> {
  return (await isIdle(server)) && (await isDelivered(server)) && (await isIdle(server));
}

async function isIdle(server: Program): Promise<boolean> {
  const lists = ['pending', 'running', 'waiting'].map((status) =>
    server.call('GET', `/api/executions?status=${status}`),
  );
  return (await Promise.all(lists)).every(({ body }) => body.items.length === 0);
}

/** Of all its executions, which must have completed. */
async function outputs(server: Program, workflow: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await server.call('GET', `/api/executions?workflow=${workflow}&limit=200${cursor}`);
    for (const { id } of body.items) {
      const { body: one } = await server.call('GET', `/api/executions/${id}`);
      expect(one.status).toBe('completed');
      found.push(one.output);
    }
    if (!body.nextCursor) return found;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}
