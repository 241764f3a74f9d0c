/** The sagas of the examples with a failure at each step, and one over real services whose process dies as it undoes. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deploy, execute, reaches } from '../program/scene.ts';
import { type Answer, Program } from '../program/server.ts';

let program: Program;

beforeAll(async () => {
  program = await Program.create();
  await program.start();
  for (const name of ['order-saga', 'quarterly-report']) {
    await deploy(program, parse(readFileSync(`examples/${name}.yaml`, 'utf8')));
  }
});
afterAll(() => program.dispose());

async function ended(workflow: string, input: object): Promise<Answer['body']> {
  return await reaches(program, await execute(program, workflow, input));
}

/** Addresses of what was undone, in order, as the history has it. */
async function undone(id: string): Promise<string[]> {
  const { body } = await program.call('GET', `/api/executions/${id}/events?limit=1000`);
  return body.items.flatMap((event: Answer['body']) => (event.type === 'node.compensating' ? [event.data.of] : []));
}

const node = (view: Answer['body'], path: string) => view.nodes.find((one: Answer['body']) => one.path === path);

describe('order-saga', () => {
  test('completes, and undoes nothing', async () => {
    const view = await ended('order-saga', { order: 'A-1', amount: 30 });
    expect(view).toMatchObject({ status: 'completed', output: { text: 'Your order A-1 is on its way.' } });
    expect(await undone(view.id)).toEqual([]);
  });

  test.each([
    ['reserve', 'failed', []],
    ['charge', 'compensated', ['reserve']],
    ['ship', 'compensated', ['charge', 'reserve']],
    ['notify', 'compensated', ['ship', 'charge', 'reserve']],
  ])('that fails at %s ends %s', async (fail_at, status, expected) => {
    const view = await ended('order-saga', { order: 'A-2', amount: 30, fail_at });
    expect(view).toMatchObject({ status, error: { code: 'code_failed' } });
    expect(await undone(view.id)).toEqual(expected);
    if (expected.includes('charge')) expect(node(view, 'refund').output).toEqual({ refunded: 30, of: 'P-A-2' });
  });
});

describe('quarterly-report', () => {
  test('sends the report', async () => {
    const view = await ended('quarterly-report', { quarter: 'Q1' });
    expect(view).toMatchObject({ status: 'completed', output: { sent: true, to: 'team@example.com' } });
    expect(node(view, 'report[0]/compose').output.html).toContain('March made up for it');
  });

  test.each([
    ['load', []],
    ['charts', []],
    ['compose', ['report[0]/charts']],
    ['send', ['report[0]/compose', 'report[0]/charts']],
  ])('that fails at %s cleans up inside and goes on', async (fail_at, expected) => {
    const view = await ended('quarterly-report', { quarter: 'Q1', fail_at });
    expect(view).toMatchObject({ status: 'completed', output: { sent: false } });
    expect(await undone(view.id)).toEqual(expected);
  });
});

/** A shop whose services write down what they are asked, in order, and refuse or hang as they are told. */
class Shop {
  readonly asked: string[] = [];
  readonly keys = new Map<string, Set<string>>();
  /** Answer 400 here. */
  refuses = '';
  /** Say that this was asked, and never answer. */
  hangs = '';
  #hung: (() => void) | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const step = String(request.url).slice(1);
      this.asked.push(step);
      const keys = this.keys.get(step) ?? new Set();
      this.keys.set(step, keys.add(String(request.headers['idempotency-key'])));
      request.resume();
      if (step === this.hangs) return this.#hung?.();
      response
        .writeHead(step === this.refuses ? 400 : 200, { 'content-type': 'application/json' })
        .end(`{"step":"${step}"}`);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the step that hangs is asked. */
  hung(): Promise<void> {
    return new Promise((resolve) => {
      this.#hung = resolve;
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

test('a process that dies while it undoes leaves that to the next: each step once more at most, with its same key', async () => {
  const shop = new Shop();
  try {
    const url = await shop.open();
    const call = (id: string, compensate?: string) => ({
      id,
      type: 'http',
      config: { method: 'POST', url: `${url}/${id}`, idempotent: true },
      ...(compensate !== undefined && { compensate }),
    });
    const steps = ['reserve', 'charge', 'ship'];
    await deploy(program, {
      name: 'shop',
      nodes: [
        ...steps.map((step) => call(step, `undo-${step}`)),
        call('notify'),
        ...steps.map((step) => call(`undo-${step}`)),
      ],
      edges: ['reserve -> charge', 'charge -> ship', 'ship -> notify'],
    });
    shop.refuses = 'notify';
    shop.hangs = 'undo-charge';
    const hung = shop.hung();
    const id = await execute(program, 'shop');
    await hung;
    await program.kill();
    shop.hangs = '';
    await program.start();
    const view = await reaches(program, id);
    expect(view.status).toBe('compensated');
    expect(shop.asked).toEqual([
      ...['reserve', 'charge', 'ship', 'notify'],
      ...['undo-ship', 'undo-charge', 'undo-charge', 'undo-reserve'],
    ]);
    expect([...shop.keys.values()].map((keys) => keys.size)).toEqual(Array(shop.keys.size).fill(1));
  } finally {
    shop.close();
  }
});
