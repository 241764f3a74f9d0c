import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BROKERS, type BrokerName, brokerOf, kafkaSasl, lookUp } from './broker-addresses.ts';
import { describeBroker } from './brokers.ts';
import { ownBroker } from './own-broker.ts';

const folder = mkdtempSync(join(tmpdir(), 'myelin-brokers-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Sends bytes, and resolves to the first that come back. */
function ask(address: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1'));
    });
    socket.once('close', () => reject(new Error('it said nothing')));
    socket.once('error', reject);
  });
}

/** A request in its protocol, and what the answer has. Kafka's is for its versions (API 18, version 0), numbered 7. */
const GREETINGS: Readonly<Record<BrokerName, readonly [string, string]>> = {
  kafka: ['\0\0\0\x0a\0\x12\0\0\0\0\0\x07\xff\xff', '\0\0\0\x07\0\0'],
  rabbitmq: ['AMQP\0\0\x09\x01', 'RabbitMQ'],
  redis: ['PING\r\n', '+PONG'],
  nats: ['', '"jetstream":true'],
};

for (const name of BROKERS) {
  describeBroker(name, (address) => {
    test('answers in its own protocol', async () => {
      const [request, answer] = GREETINGS[name];
      expect(await ask(address, request)).toContain(answer);
    });
  });
}

describeBroker('redis', () => {
  test('of a test alone is killed and started, and has what it had', async () => {
    const own = await ownBroker('redis');
    try {
      expect(own.address).not.toBe(brokerOf('redis'));
      expect(await ask(own.address, 'SET kept yes\r\n')).toBe('+OK\r\n');
      await own.kill();
      await expect(ask(own.address, 'PING\r\n')).rejects.toThrow('ECONNREFUSED');
      await own.start();
      expect(await ask(own.address, 'GET kept\r\n')).toBe('$3\r\nyes\r\n');
      await own.stop();
      await expect(ask(own.address, 'PING\r\n')).rejects.toThrow('ECONNREFUSED');
      await own.start();
      expect(await ask(own.address, 'GET kept\r\n')).toBe('$3\r\nyes\r\n');
    } finally {
      await own.dispose();
    }
    await expect(ask(own.address, 'PING\r\n')).rejects.toThrow('ECONNREFUSED');
  });
});

/** A folder as the script leaves it, of a broker with this process id. */
function started(pid: number): { MYELIN_SERVICES: string } {
  const home = mkdtempSync(join(folder, 'home-'));
  mkdirSync(join(home, 'kafka'));
  writeFileSync(join(home, 'kafka', 'main.pid'), `${pid} 4711\n`);
  writeFileSync(
    join(home, 'env'),
    'MYELIN_TEST_KAFKA=127.0.0.1:1\nMYELIN_TEST_KAFKA_SASL=a:b@127.0.0.1:2\nMYELIN_TEST_NATS=nats://127.0.0.1:3\n',
  );
  return { MYELIN_SERVICES: home };
}

test('addresses are of brokers that run', () => {
  const here = started(process.pid);
  expect([brokerOf('kafka', here), kafkaSasl(here)]).toEqual(['127.0.0.1:1', 'a:b@127.0.0.1:2']);
  expect(brokerOf('nats', here)).toBeUndefined();
  // Above the highest that Linux gives.
  const gone = started(2 ** 22 + 1);
  expect([brokerOf('kafka', gone), kafkaSasl(gone)]).toEqual([undefined, undefined]);
});

test('an address of the environment wins', () => {
  const env = { ...started(process.pid), MYELIN_TEST_KAFKA: 'kafka.test:9092' };
  expect(brokerOf('kafka', env)).toBe('kafka.test:9092');
});

test('what is missing is said with the way to get it, and is demanded in CI only', () => {
  const nowhere = { MYELIN_SERVICES: join(folder, 'nowhere') };
  const missing = 'nats does not run; scripts/services.sh install nats && scripts/services.sh start nats';
  expect(lookUp('nats', nowhere)).toEqual({ address: '', missing, demanded: false });
  expect(lookUp('nats', { ...nowhere, CI: 'false' })).toEqual({ address: '', missing, demanded: false });
  expect(lookUp('nats', { ...nowhere, CI: '1' })).toEqual({ address: '', missing, demanded: true });
  expect(lookUp('kafka', { ...started(process.pid), CI: 'true' })).toEqual({ address: '127.0.0.1:1', demanded: false });
});
