import { afterEach, describe, expect, test } from 'vitest';
import { FAILPOINTS } from '../../src/engine/failpoint.ts';
import { Program } from '../program/server.ts';
import { Callers } from './callers.ts';
import { deploy, killPostgres, settled } from './campaign.ts';
import { findFaults } from './history.ts';
import { openSink, type Sink } from './sink.ts';
import { ERRANDS } from './workflows.ts';

let program: Program | undefined;
let sink: Sink | undefined;

afterEach(async () => {
  await program?.dispose();
  await sink?.close();
});

async function begin(): Promise<{ server: Program; world: Sink }> {
  const server = await Program.create();
  const world = await openSink();
  [program, sink] = [server, world];
  await server.start();
  await deploy(server, ERRANDS.document(world.url));
  return { server, world };
}

async function enough(callers: Callers, more: number): Promise<void> {
  const wanted = callers.acknowledged.size + more;
  while (callers.acknowledged.size < wanted) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('SIGKILL at each labelled point', () => {
  // Those of the relay, the feed and the groups that catch up have tests of their own, with messages.
  test.each(FAILPOINTS.filter((label) => !/^(relay|feed|catch-up)\./.test(label)))('%s', async (label) => {
    const { server, world } = await begin();
    await server.kill();
    // Some points are passed before it is ready.
    await server.start({ MYELIN_CRASH_AT: `${label}:3` }).catch(() => undefined);
    const callers = new Callers(server, 4);
    await server.ended();
    await server.start();
    await enough(callers, 10);
    await callers.stop();
    await settled(server, 60_000, () => server.output);
    expect(await findFaults(server, callers, world)).toEqual([]);
  });
});

test('SIGKILL at random moments under load, of the server and of the database', async () => {
  const { server, world } = await begin();
  const callers = new Callers(server, 8);
  for (let kill = 1; kill <= 6; kill++) {
    await enough(callers, 10 + Math.floor(Math.random() * 40));
    if (kill % 3 === 0) killPostgres(server);
    else {
      await server.kill();
      await server.start();
    }
  }
  await enough(callers, 10);
  await callers.stop();
  await settled(server, 90_000, () => server.output);
  expect(await findFaults(server, callers, world)).toEqual([]);
});
