/** A workflow that was paused catches up under SIGKILL, while messages go on coming: each is heard, and once, in order. */
import { afterEach, expect, test } from 'vitest';
import { Program } from '../program/server.ts';

let program: Program | undefined;

afterEach(() => program?.dispose());

const KEYS = 8;
const MISSED = 240;
const HEARER = {
  name: 'hearer',
  settings: { session: '{{ $trigger.partitionkey }}' },
  triggers: [{ id: 'told', type: 'event', event: 'thing.*' }],
  nodes: [{ id: 'note', type: 'transform', config: { value: '{{ $trigger.data }}' } }],
};

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause();
}

/** Messages `from` to `to`, each under its number as id: what got no answer is sent again and is the same message. */
async function send(server: Program, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  const events = numbers.map((n) => ({ type: 'thing.told', id: `${n}`, key: `k${n % KEYS}`, data: { n } }));
  const accepted = () =>
    server.call('POST', '/api/events', events).then(
      ({ status }) => status === 202,
      () => false,
    );
  while (!(await accepted())) await pause();
}

const group = async (server: Program) => (await server.call('GET', '/api/event-groups')).body.items[0];

test.each(['catch-up.before-deliver', 'catch-up.after-deliver'])('SIGKILL at %s', async (label) => {
  const server = await Program.create();
  program = server;
  await server.start();
  expect(await server.call('POST', '/api/workflows?activate=true', HEARER)).toMatchObject({ status: 201 });
  await send(server, 0, 10);
  await until(async () => (await heard(server)).length === 10);
  expect(await server.call('POST', '/api/workflows/hearer/pause', {})).toMatchObject({ status: 200 });
  for (let n = 10; n < 10 + MISSED; n += 40) await send(server, n, n + 40);
  expect(await group(server)).toMatchObject({ state: 'paused', lag: { messages: MISSED } });
  await server.kill();
  await server.start({ MYELIN_CRASH_AT: `${label}:2` });
  await server.call('POST', '/api/workflows/hearer/activate', {}).catch(() => undefined);
  const more = send(server, 10 + MISSED, 20 + MISSED);
  await server.ended();
  await server.start();
  await more;
  await server.call('POST', '/api/workflows/hearer/activate', {});
  await send(server, 20 + MISSED, 30 + MISSED);
  await until(async () => (await group(server)).state === 'live');
  const count = 30 + MISSED;
  await until(async () => (await heard(server)).length >= count);
  const numbers = await heard(server);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  for (let key = 0; key < KEYS; key += 1) {
    const ofKey = numbers.filter((n) => n % KEYS === key);
    expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
  }
});

/** Of all executions that have completed, in the order in which they were created. */
async function heard(server: Program): Promise<number[]> {
  const found: number[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await server.call('GET', `/api/executions?workflow=hearer&status=completed&limit=200${cursor}`);
    const outputs = body.items.map(async ({ id }: { id: string }) => {
      const { body: one } = await server.call('GET', `/api/executions/${id}`);
      return one.output.n as number;
    });
    found.push(...(await Promise.all(outputs)));
    if (!body.nextCursor) return found.reverse();
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}
