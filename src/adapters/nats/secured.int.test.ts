/** A server with TLS, keys and accounts, which the shared one has not. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nkeys } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NatsConfig, nats } from '../../core/connections/types/nats.ts';
import { describeBroker } from '../../testing/brokers.ts';
import { newName } from '../../testing/factories.ts';
import { natsBroker } from './nats.ts';

const HOST = 'nats.example.com';
const NEVER = new AbortController().signal;
const broker = natsBroker({ resolve: async () => '127.0.0.1' });
const key = nkeys.createUser();
const seed = new TextDecoder().decode(key.getSeed());

describeBroker('nats', () => {
  describe('secured', () => {
    const folder = mkdtempSync(join(tmpdir(), 'myelin-nats-'));
    let server: ChildProcess;
    let port = 0;
    let ca = '';
    const configOf = (fields: object): NatsConfig =>
      nats.config.parse({ servers: `${HOST}:${port}`, ca, nkey: seed, ...fields });
    const narrow = { nkey: undefined, user: 'narrow', password: 'p' };
    const plain = { nkey: undefined, user: 'plain', password: 'p' };

    beforeAll(async () => {
      const [cert, secret] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      const name = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
      execFileSync('openssl', [...request, ...name, '-keyout', secret, '-out', cert], { stdio: 'ignore' });
      ca = readFileSync(cert, 'utf8');
      const file = join(folder, 'nats.conf');
      writeFileSync(
        file,
        `listen: "127.0.0.1:-1"
jetstream { store_dir: "${folder}" }
tls { cert_file: "${cert}", key_file: "${secret}" }
accounts {
  A { jetstream: enabled, users: [
    { nkey: ${key.getPublicKey()} },
    { user: narrow, password: p, permissions: { publish: { deny: [denied, "$JS.API.>"] } } }
  ] }
  B { users: [{ user: plain, password: p }] }
}`,
      );
      server = spawn('nats-server', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
      for await (const line of createInterface({ input: server.stderr! })) {
        port = Number(/Listening for client connections on \S+:(\d+)/.exec(line)?.[1] ?? port);
        if (line.includes('Server is ready')) break;
      }
      server.stderr!.resume();
    });
    afterAll(async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    });

    const text = () =>
      [
        '-----BEGIN NATS USER JWT-----',
        'eyJ0eXAiOiJKV1QifQ.e30.AA',
        '------END NATS USER JWT------',
        '-----BEGIN USER NKEY SEED-----',
        seed,
        '------END USER NKEY SEED------',
        '',
      ].join('\n');

    test.each<[string, () => object, boolean]>([
      ['JetStream is on', () => ({}), true],
      ['JetStream is on', () => ({ tls: 'require', ca: undefined }), true],
      ['JetStream is on', () => ({ nkey: undefined, creds: text() }), true],
      ['JetStream is on', () => narrow, true],
      ['has JetStream off', () => plain, false],
      ['nobody that this server trusts', () => ({ ca: undefined }), false],
      ['is of another name', () => ({ servers: `other.example.com:${port}` }), false],
      ['is of another name', () => ({ servers: `127.0.0.1:${port}` }), false],
      ['whether it wants TLS', () => ({ tls: 'off', ca: undefined }), false],
      ['Wrong credentials', () => ({ nkey: new TextDecoder().decode(nkeys.createUser().getSeed()) }), false],
      ['The seed in `creds` is none', () => ({ nkey: undefined, creds: text().replace(seed, 'SUA') }), false],
    ])('a test of the connection says: %s (%#)', async (says, fields, ok) => {
      const result = await broker.test(configOf(fields()), NEVER);
      expect(result).toMatchObject({ ok, message: expect.stringContaining(says) });
      expect(result.message).not.toContain(seed);
    });

    const publish = async (fields: object, subject: string) => {
      const sender = broker.sender({ id: 'c', updatedAt: 1, config: configOf(fields) });
      try {
        return await sender.send([{ to: { subject }, value: Buffer.from('1'), id: newName() }], NEVER);
      } finally {
        await sender.close();
      }
    };

    test.each<[string, () => object, string]>([
      ['does not let narrow use denied', () => narrow, 'denied'],
      ['JetStream is off', () => plain, 'orders'],
      ['No stream takes the subject', () => ({}), 'orders'],
    ])('what a user may not send is told: %s', async (says, fields, subject) => {
      const refused = { code: 'broker_refused', message: expect.stringContaining(says) };
      await expect(publish(fields(), subject)).rejects.toMatchObject(refused);
    });
  });
});
