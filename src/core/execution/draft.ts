/** The events of one decision in the making. Each is folded into the state at once, so the next sees it. */
import type { DecisionEnv } from './command.ts';
import { type EventData, type EventType, type ExecutionEvent, evolve } from './events/index.ts';
import type { ExecutionState, NodeRef } from './state.ts';

/** A decision stops here and goes on after the commit: bounds a batch, and how long the event loop is held. */
const EVENTS_PER_DECISION = 256;

export class Draft {
  readonly events: ExecutionEvent[] = [];
  readonly state: ExecutionState;
  readonly #env: DecisionEnv;

  constructor(state: ExecutionState, env: DecisionEnv) {
    this.state = state;
    this.#env = env;
  }

  get now(): number {
    return this.#env.now;
  }

  get full(): boolean {
    return this.events.length >= EVENTS_PER_DECISION;
  }

  id(): string {
    return this.#env.id();
  }

  random(): number {
    return this.#env.random();
  }

  emit<T extends EventType>(type: T, data: EventData<T>): void {
    const event = { type, at: this.#env.now, data } as unknown as ExecutionEvent;
    evolve(this.state, event);
    this.events.push(event);
  }

  /** The node's turn comes again in the next decision. */
  again(ref: NodeRef): void {
    this.state.ready.push(ref);
  }
}
