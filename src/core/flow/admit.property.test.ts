import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Admission, admit, type Taken, type Waiting } from './admit.ts';
import { compileFlow } from './plan.ts';
import { flowOf, type Gate } from './ticket.ts';

/** What a store does, as little as possible: tickets in order, slots, and the looks of one admitter at a time. */
class Model {
  now = 1_000_000;
  waiting: Waiting[] = [];
  readonly running = new Map<string, readonly Gate[]>();
  /** Of the rate gates: by lane, when an execution began. */
  readonly begun = new Map<string, number[]>();
  readonly order: Waiting[] = [];
  readonly #slots = new Map<string, (number | null)[]>();
  #accepted = 0;

  accept(one: Waiting): void {
    this.#accepted += 1;
    this.waiting.push({ ...one, executionId: `e${this.#accepted}`, position: this.#accepted });
  }

  look(): Admission {
    const lanes = [...Map.groupBy(this.waiting, ({ ticket }) => ticket.lane).values()].map((all) => {
      const { depth } = all[0]!.ticket;
      return { tickets: all.slice(0, depth), more: all.length > depth };
    });
    const done = admit({ now: this.now, lanes, taken: this.#taken() });
    for (const { executionId, slots } of done.admit) {
      const one = this.waiting.find((ticket) => ticket.executionId === executionId)!;
      this.waiting = this.waiting.filter((ticket) => ticket !== one);
      this.order.push(one);
      this.running.set(executionId, one.ticket.gates);
      for (const { lane, expiresAt } of slots) {
        this.#slots.set(lane, [...(this.#slots.get(lane) ?? []), expiresAt]);
        if (expiresAt !== null) this.begun.set(lane, [...(this.begun.get(lane) ?? []), this.now]);
      }
    }
    return done;
  }

  end(executionId: string): void {
    for (const { lane, perMs } of this.running.get(executionId) ?? []) {
      if (perMs !== null) continue;
      const slots = this.#slots.get(lane)!;
      slots.splice(slots.indexOf(null), 1);
    }
    this.running.delete(executionId);
  }

  hasRoom({ lane, limit }: Gate): boolean {
    return (this.#taken().get(lane)?.count ?? 0) < limit;
  }

  #taken(): Map<string, Taken> {
    const taken = new Map<string, Taken>();
    for (const [lane, all] of this.#slots) {
      const slots = all.filter((at) => at === null || at > this.now);
      const times = slots.filter((at) => at !== null);
      taken.set(lane, { count: slots.length, freeAt: times.length === 0 ? null : Math.min(...times) });
    }
    return taken;
  }
}

const LIMIT = 2;
const RATE = 3;
const PER_MS = 1_000;

const plans = [
  { concurrency: { limit: LIMIT, key: '{{ $trigger.a }}' } },
  { session: '{{ $trigger.a }}', concurrency: { limit: LIMIT } },
  { session: '{{ $trigger.a }}', rateLimit: { limit: RATE, per: '1s' } },
  {
    concurrency: { limit: LIMIT, key: '{{ $trigger.a }}' },
    rateLimit: { limit: RATE, per: '1s', key: '{{ $trigger.b }}' },
  },
].map((settings, index) => compileFlow(settings, `w${index}`));

const step = fc.oneof(
  fc.record({ do: fc.constant('accept' as const), plan: fc.nat(3), a: fc.nat(2), b: fc.nat(1) }),
  fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(700) }),
);

function ticketFor(plan: number, trigger: unknown, now: number): Waiting {
  const { ticket } = flowOf({ flow: plans[plan]! }, trigger, now).ticket;
  return { executionId: '', position: 0, queuedAt: now, since: now, ticket: ticket! };
}

function check(model: Model, done: Admission): void {
  const held = new Map<string, number>();
  for (const gates of model.running.values()) {
    for (const { lane, perMs } of gates) if (perMs === null) held.set(lane, (held.get(lane) ?? 0) + 1);
  }
  for (const [lane, count] of held) expect(count).toBeLessThanOrEqual(lane.includes(':session:') ? 1 : LIMIT);
  for (const times of model.begun.values()) {
    for (const end of times) {
      expect(times.filter((at) => at > end - PER_MS && at <= end).length).toBeLessThanOrEqual(RATE);
    }
  }
  // Nobody waits who could begin, unless another look was asked for; and what waits for time is told.
  for (const [first] of Map.groupBy(model.waiting, ({ ticket }) => ticket.lane).values()) {
    const { gates } = first!.ticket;
    const shut = gates.filter((gate) => !model.hasRoom(gate));
    expect(done.more || shut.length > 0).toBe(true);
    if (shut.length === 1 && shut[0]!.perMs !== null && !done.more) {
      expect(done.nextAt).toBeGreaterThan(model.now);
      expect(done.nextAt).toBeLessThanOrEqual(model.now + PER_MS);
    }
  }
}

function checkOrder(model: Model): void {
  for (const lane of Map.groupBy(model.order, ({ ticket }) => ticket.lane).values()) {
    const positions = lane.map((one) => one.position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  }
}

test('no limit is ever passed, none waits who could begin, each lane keeps its order, all come to their turn', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new Model();
      for (const one of steps) {
        if (one.do === 'accept') model.accept(ticketFor(one.plan, { a: one.a, b: one.b }, model.now));
        if (one.do === 'wait') model.now += one.ms;
        if (one.do === 'end') model.end([...model.running.keys()][one.which % model.running.size] ?? '');
        check(model, model.look());
      }
      for (let rounds = 0; model.waiting.length > 0; rounds++) {
        expect(rounds).toBeLessThan(200);
        for (const id of [...model.running.keys()]) model.end(id);
        const { nextAt, more } = model.look();
        if (!more) model.now = nextAt ?? model.now;
      }
      checkOrder(model);
    }),
    { numRuns: 300 },
  );
});
