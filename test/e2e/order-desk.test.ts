/** The example that goes to everybody, against servers that are there: PostgreSQL, SMTP, and HTTP as Slack and others speak it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmtpServer, serveSmtp } from '../../src/testing/smtp-server.ts';
import { ROOT } from '../docs/blocks.ts';
import { connect } from '../program/database.ts';
import { reaches } from '../program/scene.ts';
import { Program } from '../program/server.ts';

const signing = `whsec_${Buffer.from('a secret of 24 bytes or more').toString('base64')}`;
const heard = new Map<string, string>();
/** A partner who is down the first time. */
let webhooks = 0;
const server = createServer(async (request, response) => {
  const body = await text(request);
  const path = `${request.method} ${request.url}`;
  heard.set(path, `${request.headers.authorization ?? ''} ${body}`);
  if (path === 'POST /partner') {
    new Webhook(signing).verify(body, request.headers as Record<string, string>);
    webhooks += 1;
    response.writeHead(webhooks === 1 ? 503 : 204, { 'retry-after': '0' }).end();
  } else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true,"channel":"C1","ts":"1.2"}');
});

let program: Program;
let mail: SmtpServer;
beforeAll(async () => {
  program = await Program.create();
  await program.start();
  mail = await serveSmtp();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await mail.stop();
  await program.dispose();
});

test('order-desk keeps, tells and sends an order, and nothing twice', async () => {
  const sql = connect(program);
  await sql.unsafe('create table orders (id text primary key, customer text, total numeric(12,2))');
  const { host, port, user, pass, database } = sql.options;
  const password = String(pass);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = {
    'shop-db': ['postgres', { host: host[0], port: port[0], user, password, database, tls: 'off' }],
    warehouse: ['http', { baseUrl: `${url}/stock/v1`, auth: 'bearer', token: 'stock-token' }],
    team: ['slack', { token: 'xoxb-1', apiUrl: url }],
    mail: ['smtp', { host: '127.0.0.1', port: mail.port, tls: 'off', from: 'Shop <shop@example.com>' }],
    partner: ['webhook', { url: `${url}/partner`, secret: signing }],
  } as const;
  const yaml = readFileSync(join(ROOT, 'examples/order-desk.yaml'), 'utf8').replace('[5s,', '[10ms,');
  const deploy = () =>
    program
      .call('POST', '/api/workflows/validate', yaml, { 'content-type': 'application/yaml' })
      .then(({ body }) => body);
  const named = (await deploy()).warnings.map(({ message }: { message: string }) => message);
  expect(new Set(named).size).toBe(5);
  for (const [name, [type, config]] of Object.entries(connections)) {
    expect((await program.call('POST', '/api/connections', { name, type, config })).status).toBe(201);
  }
  expect((await deploy()).warnings).toEqual([]);
  await program.call('POST', '/api/workflows?activate=true', yaml, { 'content-type': 'application/yaml' });
  const order = { id: 'o-1', email: 'ada@example.com', item: 'lamp', total: 42.5 };
  const { body: started } = await program.call('POST', '/api/workflows/order-desk/execute', { input: { body: order } });
  const execution = await reaches(program, started.executionId);
  expect(execution).toMatchObject({ status: 'completed' });

  expect(await sql`select * from orders`).toEqual([{ id: 'o-1', customer: order.email, total: '42.50' }]);
  expect(heard.get('PUT /stock/v1/reservations/o-1')).toBe('Bearer stock-token {"item":"lamp"}');
  expect(heard.get('POST /chat.postMessage')).toContain('Order o-1 over 42.5, number 1 of this customer');
  expect(mail.mails).toMatchObject([{ from: 'shop@example.com', to: [order.email] }]);
  expect(heard.get('POST /partner')).toContain('"data":{"id":"o-1","total":42.5}');
  const { body: log } = await program.call('GET', `/api/deliveries?execution=${started.executionId}`);
  expect(log.items).toMatchObject([
    { attempt: 2, status: 204, path: 'partner', connection: 'partner' },
    { attempt: 1, status: 503 },
  ]);
  expect(log.items[0].messageId).toBe(log.items[1].messageId);
  const { body: history } = await program.call('GET', `/api/executions/${started.executionId}/events?limit=200`);
  for (const secret of ['stock-token', 'xoxb-1', signing.slice(6), password].filter((one) => one !== '')) {
    expect(JSON.stringify([execution, history, log])).not.toContain(secret);
  }
  await sql.end();
});
