/** The program starts while its brokers are down, or lack what it reads: the rest works, and each trigger mends itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrokerName } from '../../src/testing/broker-addresses.ts';
import { describeBroker } from '../../src/testing/brokers.ts';
import { newName } from '../../src/testing/factories.ts';
import { BROKERS_UNDER_LOAD, type BrokerUnderLoad } from '../chaos/brokers.ts';
import { deploy, eventually, executionsOf, hooked, reaches } from '../program/scene.ts';
import { Program } from '../program/server.ts';
import { TcpProxy } from '../program/tcp-proxy.ts';

/** Longer than the pauses between two tries have grown by then. */
const MENDED_WITHIN_MS = 120_000;
const COUNT = 20;

interface Site {
  readonly name: BrokerName;
  readonly kind: BrokerUnderLoad;
  readonly address: string;
  /** `host:port` of the broker, and the address by which the program knows it, where nothing listens at first. */
  readonly place: URL;
  readonly port: number;
  /** Is there, at the broker that is down; and is not there, at the one that runs. */
  readonly unreachable: string;
  readonly missing: string;
}

let program: Program;
let sites: readonly Site[];
const wanted: { readonly name: BrokerName; readonly address: string }[] = [];
const proxies: TcpProxy[] = [];

async function siteOf(name: BrokerName, address: string): Promise<Site> {
  const place = new URL(address.includes('://') ? address : `kafka://${address}`);
  const proxy = await TcpProxy.open(place.hostname, Number(place.port));
  await proxy.close();
  const kind = BROKERS_UNDER_LOAD[name];
  const site = { name, kind, address, place, port: proxy.port, unreachable: newName(), missing: newName() };
  await kind.make(address, [site.unreachable]);
  return site;
}

const listener = (name: string, connection: string, trigger: object) => ({
  name,
  triggers: [{ id: 'in', connection, ...trigger }],
  nodes: [{ id: 'seen', type: 'transform', config: { value: '{{ $trigger.data }}' } }],
});

async function prepare({ name, kind, address, port, unreachable, missing }: Site): Promise<void> {
  const away = address.replace(/:\d+$/, `:${port}`);
  for (const [connection, at] of [
    [`${name}-away`, away],
    [`${name}-up`, address],
  ] as const) {
    await program.call('POST', '/api/connections', { name: connection, ...kind.connection(at) });
  }
  await deploy(program, listener(`${name}-unreachable`, `${name}-away`, kind.trigger(unreachable)));
  await deploy(program, listener(`${name}-missing`, `${name}-up`, kind.trigger(missing)));
}

beforeAll(async () => {
  program = await Program.create();
  await program.start();
  await deploy(program, hooked('rest'));
  sites = await Promise.all(wanted.map(({ name, address }) => siteOf(name, address)));
  await Promise.all(sites.map(prepare));
  await program.kill('SIGTERM');
  await program.start();
});
afterAll(async () => {
  await program.dispose();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

const siteFor = (name: BrokerName): Site => sites.find((one) => one.name === name)!;

/** The state of the trigger of a workflow, once it is so. */
const isIn = (workflow: string, status: string) =>
  eventually(async () => {
    const { body } = await program.call('GET', '/api/triggers?limit=200');
    const { state } = body.items.find((one: { workflowName: string }) => one.workflowName === workflow);
    return state?.status === status ? state : undefined;
  }, MENDED_WITHIN_MS);

async function restWorks(): Promise<void> {
  expect(await program.call('GET', '/health/ready')).toMatchObject({ status: 200 });
  const { status, body } = await program.call('POST', '/webhooks/rest', {});
  expect(status).toBe(202);
  await reaches(program, body.executionId, 'completed');
}

async function send({ kind, address }: Site, place: string): Promise<void> {
  const feed = await kind.open(address);
  await feed.send(
    place,
    Array.from({ length: COUNT }, (_, n) => `${n}`),
  );
  await feed.close();
}

/** Each message is one execution. */
async function allCome(workflow: string): Promise<void> {
  const found = await eventually(async () => {
    const all = await executionsOf(program, workflow);
    return all.filter(({ status }) => status === 'completed').length >= COUNT ? all : undefined;
  }, 60_000);
  const whole = await Promise.all(found.map(({ id }) => program.call('GET', `/api/executions/${id}`)));
  const numbers = whole.map(({ body }) => body.output as number);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, n) => n));
}

/** What is told of a place that is not there; Redis makes a stream for whoever reads it. */
const ABSENT: Readonly<Record<BrokerName, ((place: string) => string) | undefined>> = {
  kafka: (topic) => `There is no topic ${topic}`,
  rabbitmq: (queue) => `There is no queue ${queue}`,
  nats: (subject) => `No stream takes the subject ${subject}`,
  redis: undefined,
};

// Triggers that try again wait longer each time: all at once, so that none waits for the test of another.
describe.concurrent('as the program starts', () => {
  for (const name of Object.keys(BROKERS_UNDER_LOAD) as BrokerName[]) {
    describeBroker(name, (address) => {
      if (address !== '') wanted.push({ name, address });

      test('down: the rest works, its trigger says so, and hears all when it comes', async () => {
        const site = siteFor(name);
        const workflow = `${name}-unreachable`;
        const { error } = await isIn(workflow, 'error');
        expect(error.code).toBe('connection_failed');
        expect(error.message).toContain(`127.0.0.1:${site.port}`);
        await restWorks();
        await send(site, site.unreachable);
        proxies.push(await TcpProxy.open(site.place.hostname, Number(site.place.port), site.port));
        expect((await isIn(workflow, 'running')).error).toBeNull();
        await allCome(workflow);
      });

      test('without what is read: its trigger says so, and reads it when it is made', async () => {
        const site = siteFor(name);
        const workflow = `${name}-missing`;
        const words = ABSENT[name];
        if (words !== undefined) {
          const { error } = await isIn(workflow, 'error');
          expect(error.code).toBe('broker_refused');
          expect(error.message).toContain(words(site.missing));
        }
        await restWorks();
        await site.kind.make(address, [site.missing]);
        await send(site, site.missing);
        expect((await isIn(workflow, 'running')).error).toBeNull();
        await allCome(workflow);
      });
    });
  }
});
