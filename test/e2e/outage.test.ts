/** The house itself fails: the database is killed, hangs, loses connections; the server is told to stop. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Callers } from '../chaos/callers.ts';
import { killPostgres, settled } from '../chaos/campaign.ts';
import { findFaults } from '../chaos/history.ts';
import { openSink, type Sink } from '../chaos/sink.ts';
import { ERRANDS } from '../chaos/workflows.ts';
import { connect, freeze } from '../program/database.ts';
import { type Hostile, openHostile } from '../program/hostile.ts';
import { deploy, eventually, execute, hooked, reaches, single } from '../program/scene.ts';
import { type Answer, Program } from '../program/server.ts';

/** Longest time that a caller of a webhook waits for its 503. */
const PATIENCE_MS = 8_000;

let program: Program;
let sink: Sink;
let hostile: Hostile;

beforeAll(async () => {
  [program, sink, hostile] = [await Program.create(), await openSink(), await openHostile()];
  await program.start({ LOG_LEVEL: 'info' });
});

afterAll(async () => {
  await program?.dispose();
  await Promise.all([sink?.close(), hostile?.close()]);
});

const isReady = async () => ((await program.call('GET', '/health/ready')).status === 200 ? true : undefined);

describe('under load', () => {
  let callers: Callers;

  const more = (count: number) => {
    const wanted = callers.acknowledged.size + count;
    return eventually(async () => (callers.acknowledged.size >= wanted ? true : undefined), 30_000);
  };

  const during = async (outage: () => Promise<void>) => {
    const pid = program.pid;
    callers ??= new Callers(program, 8);
    await more(50);
    await outage();
    await more(50);
    expect(program.pid).toBe(pid);
  };

  beforeAll(() => deploy(program, ERRANDS.document(sink.url)));

  test('the database is killed: the server goes on by itself', () => during(async () => killPostgres(program)));

  test('its connections are cut for three seconds, five times a second', () =>
    during(async () => {
      await eventually(isReady);
      const admin = connect(program);
      for (let round = 0; round < 15; round++) {
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename = current_user`;
        // The pause is part of the fault.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      await admin.end();
    }));

  test('no answer was wrong, and all that was acknowledged happened, once', async () => {
    await callers.stop();
    await settled(program, 60_000, () => program.output);
    expect(await findFaults(program, callers, sink)).toEqual([]);
  });
});

test('the database hangs: 503 with Retry-After and never 202; then all goes on without a restart', async () => {
  const pid = program.pid;
  const pause = { id: 'pause', type: 'delay', config: { for: '1s' } };
  await deploy(program, hooked('steady', {}, [pause]));
  const fire = (): Promise<Answer> => program.call('POST', '/webhooks/steady', {});
  const before = await Promise.all(Array.from({ length: 20 }, fire));
  expect(before.map(({ status }) => status)).toEqual(before.map(() => 202));

  const thaw = freeze(program);
  try {
    const until = Date.now() + PATIENCE_MS;
    const answers: [Answer, number][] = [];
    const caller = async () => {
      while (Date.now() < until) {
        const asked = Date.now();
        answers.push([await fire(), Date.now() - asked]);
      }
    };
    const watched = async () => {
      expect(await program.call('GET', '/health/live')).toMatchObject({ status: 200 });
      expect(await program.call('GET', '/health/ready')).toMatchObject({ status: 503 });
    };
    await Promise.all([caller(), caller(), caller(), watched()]);
    for (const [{ status, headers, body }, ms] of answers) {
      expect([status, body.code]).toEqual([503, 'store_unavailable']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(ms).toBeLessThan(PATIENCE_MS);
    }
    expect(answers.length).toBeGreaterThan(0);
  } finally {
    thaw();
  }

  await eventually(isReady);
  const after = await eventually(async () => {
    const answer = await fire();
    return answer.status === 202 ? answer : undefined;
  });
  for (const { body } of [...before, after]) await reaches(program, body.executionId, 'completed');
  expect(program.pid).toBe(pid);
});

describe('stopping and starting', () => {
  test('SIGTERM: who waits gets an answer, exit code 0; the next start continues what waited', async () => {
    const gate = { id: 'gate', type: 'http', config: { url: `${hostile.url}/gate` } };
    await deploy(program, hooked('gated', { respond: 'result' }, [gate]));
    await deploy(program, single('nap', { type: 'delay', config: { for: '2s' } }));
    const napping = await execute(program, 'nap');
    await reaches(program, napping, 'waiting');
    const waiting = Array.from({ length: 5 }, () => program.call('POST', '/webhooks/gated', {}));
    await eventually(async () => (hostile.held === 5 ? true : undefined));

    const ended = program.kill('SIGTERM');
    const answers = await Promise.all(waiting);
    hostile.open();
    expect(await ended).toBe(0);
    const ids = answers.map(({ status, body }) => {
      expect(status).toBe(202);
      return body.executionId;
    });
    expect(new Set(ids).size).toBe(5);

    await program.start();
    for (const id of [...ids, napping]) await reaches(program, id, 'completed');
  });

  test('a second server on one home is refused, and the first goes on', async () => {
    const env = { ...process.env, PORT: '0', MYELIN_HOME: program.home, MYELIN_DEMO: 'off', LOG_LEVEL: 'warn' };
    const bin = fileURLToPath(new URL('../../bin/myelin.js', import.meta.url));
    const second = spawn(process.execPath, [bin, 'start'], { env });
    const said = Promise.all([text(second.stdout), text(second.stderr)]);
    const [code] = await once(second, 'exit');
    expect(code).not.toBe(0);
    expect((await said).join('')).toMatch(/home_in_use|Another Myelin/);
    expect(await isReady()).toBe(true);
  });

  // Last: this home starts no more.
  test('a database that a newer version made is refused', async () => {
    const admin = connect(program);
    await admin`insert into schema_migrations (version, name, checksum) values (9999, '9999_future.sql', 'x')`;
    await admin.end();
    expect(await program.kill('SIGTERM')).toBe(0);
    await expect(program.start()).rejects.toThrow(/schema version 9999/);
  });
});
