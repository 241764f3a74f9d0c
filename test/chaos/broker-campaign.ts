/**
 * A broker that is stopped and killed under load, and workers that are killed with it. What it says it has starts one
 * execution, which calls the world and writes a message of its own; who hears that one calls the world again. At the
 * end everything that was acknowledged must have come out at the far end, and nothing that finished has run again.
 */
import { randomBytes } from 'node:crypto';
import type { BrokerName } from '../../src/testing/broker-addresses.ts';
import { newName } from '../../src/testing/factories.ts';
import { type OwnBroker, ownBroker } from '../../src/testing/own-broker.ts';
import { openPostgres } from '../program/postgres.ts';
import { Program } from '../program/server.ts';
import { callsOf, judge, NOTE, TAKE, type Verdict } from './broker-verdict.ts';
import { BROKERS_UNDER_LOAD, type BrokerUnderLoad } from './brokers.ts';
import { deploy, settled } from './campaign.ts';
import { Load } from './load.ts';
import { openSink, type Sink } from './sink.ts';

export interface BrokerReport extends Verdict {
  readonly seconds: number;
  readonly stops: number;
  readonly kills: number;
  readonly workersKilled: number;
}

export interface BrokerCampaign {
  readonly rounds: number;
  /** Messages of one round. */
  readonly messages: number;
  /** Of them on their way at most; 60. */
  readonly window?: number;
  progress?(line: string): void;
}

const SETTLED_WITHIN_MS = 180_000;
/** For as long as the broker is away. */
const RETRY = { attempts: 1_000, delay: '100ms', max: '1s' };
const CONNECTION = 'broker';

export async function brokerCampaign(name: BrokerName, options: BrokerCampaign): Promise<BrokerReport> {
  const kind = BROKERS_UNDER_LOAD[name];
  if (kind === undefined) throw new Error(`${name} is not in the table of brokers`);
  const open: (() => Promise<unknown>)[] = [];
  try {
    const [broker, database, sink] = await Promise.all([ownBroker(name), openPostgres(), openSink()]);
    open.push(broker.dispose, database.close, sink.close);
    const places = { from: newName(), to: newName() };
    await kind.make(broker.address, Object.values(places));
    const { api, workers } = await processes(database.url, open);
    await api.call('POST', '/api/connections', { name: CONNECTION, ...kind.connection(broker.address) });
    for (const document of documents(kind, places, sink.url)) await deploy(api, document);
    return await run({ ...options, name, kind, broker, sink, place: places.from, api, workers });
  } finally {
    for (const close of open.reverse()) await close();
  }
}

/** One that serves and schedules, and two workers. */
export async function processes(url: string, open: (() => Promise<unknown>)[]) {
  const shared = {
    ...{ DATABASE_URL: url, MYELIN_LEASE: '2s' },
    MYELIN_MASTER_KEY: randomBytes(32).toString('base64'),
  };
  const begin = async (env: Record<string, string>) => {
    const program = await Program.create({ ...shared, ...env });
    open.push(async () => {
      await program.kill();
      await program.dispose();
    });
    await program.start();
    return program;
  };
  const api = await begin({ MYELIN_ROLES: 'api,scheduler' });
  const worker = () => begin({ MYELIN_ROLES: 'worker', MYELIN_API_KEY: api.apiKey });
  return { api, workers: await Promise.all([worker(), worker()]) };
}

function documents(kind: BrokerUnderLoad, places: { from: string; to: string }, sink: string): object[] {
  const listen = (place: string) => [{ id: 'in', connection: CONNECTION, batch: 10, ...kind.trigger(place) }];
  const call = (path: string) => ({
    ...{ id: 'call', type: 'http', retry: RETRY },
    config: { method: 'POST', url: `${sink}/${path}`, body: {}, idempotent: true },
  });
  const { type, config } = kind.publish(places.to);
  const value = { id: '{{ $execution.id }}' };
  const tell = { id: 'tell', type, retry: RETRY, config: { ...config, connection: CONNECTION, value } };
  return [
    {
      name: TAKE,
      triggers: listen(places.from),
      nodes: [call(`${TAKE}/{{ $trigger.data.id }}`), tell],
      edges: ['call -> tell'],
    },
    { name: NOTE, triggers: listen(places.to), nodes: [call(`${NOTE}/{{ $trigger.data.id }}`)] },
  ];
}

interface Scene extends BrokerCampaign {
  readonly name: BrokerName;
  readonly kind: BrokerUnderLoad;
  readonly broker: OwnBroker;
  readonly sink: Sink;
  readonly place: string;
  readonly api: Program;
  readonly workers: readonly Program[];
}

async function run(scene: Scene): Promise<BrokerReport> {
  const { broker, sink, api, workers, rounds, messages, name, window = 60 } = scene;
  const began = performance.now();
  const taken = () => callsOf(sink, TAKE);
  const arrived = () => sink.counts.get(TAKE) ?? 0;
  const until = async (holds: () => boolean) => {
    while (!holds()) await sink.news();
  };
  let up: Promise<unknown> = Promise.resolve();
  const load = new Load({
    ...{ broker: scene.kind, address: broker.address, place: scene.place },
    ...{ window, arrived, news: sink.news, up: () => up },
  });
  const count = { stops: 0, kills: 0, workersKilled: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const isKill = round % 2 === 1;
    const victim = workers[round % workers.length] as Program;
    const before = arrived();
    load.allow(messages);
    await until(() => arrived() >= before + messages / 3);
    // A broker that is stopped in order, and one that dies together with a worker.
    const trouble = async () => {
      await (isKill ? Promise.all([broker.kill(), victim.kill()]) : broker.stop());
      await Promise.all([broker.start(), isKill && victim.start()]);
    };
    up = trouble();
    await up;
    await until(() => arrived() >= before + (2 * messages) / 3);
    if (!isKill) {
      await victim.kill();
      await victim.start();
    }
    count[isKill ? 'kills' : 'stops'] += 1;
    count.workersKilled += 1;
    scene.progress?.(
      `${name}: round ${round + 1} after ${Math.round((performance.now() - began) / 1_000)} s, ${load.acknowledged.size} acknowledged, ${arrived()} taken`,
    );
  }
  await load.stop();
  const areIn = (ids: Iterable<string>, found: ReadonlyMap<string, unknown>) => [...ids].every((id) => found.has(id));
  await until(() => arrived() >= load.acknowledged.size && areIn(load.acknowledged, taken()));
  await until(
    () => (sink.counts.get(NOTE) ?? 0) >= arrived() && areIn([...taken().values()].flat(), callsOf(sink, NOTE)),
  );
  await settled(api, SETTLED_WITHIN_MS, () => [api, ...workers].map(({ output }) => output.slice(-2_000)).join('\n'));
  const seconds = Math.round((performance.now() - began) / 1_000);
  return { seconds, ...count, ...(await judge(api, sink, load)) };
}
