/**
 * Keeps the broker triggers of active workflows listening, in every process that is a worker: the brokers share the
 * messages out among them. A trigger whose config or connection changed begins anew, one that is gone ends; what is
 * wrong with one hinders no other, nor the process.
 */
import { toErrorInfo } from '../core/errors.ts';
import type { BrokerPlaceStore } from '../ports/broker-places.ts';
import type { Broker, Brokers } from '../ports/brokers.ts';
import type { Connections } from '../ports/connections.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { ExecutionStore } from '../ports/store.ts';
import type { ListeningTrigger, WorkflowStore } from '../ports/workflows.ts';
import type { Intake } from './intake.ts';
import { Loop } from './loop.ts';
import { Room } from './room.ts';
import { connectionTypeOf, Subscription } from './subscription.ts';
import type { TriggerStates } from './trigger-states.ts';

export interface SubscriptionsOptions {
  readonly brokers: Brokers;
  readonly workflows: Pick<WorkflowStore, 'listening'>;
  readonly executions: Pick<ExecutionStore, 'ahead'>;
  readonly connections: Connections;
  readonly intake: Intake;
  readonly places: BrokerPlaceStore;
  readonly states: TriggerStates;
  readonly runtime: Runtime;
}

interface Held {
  /** What it was begun with. */
  readonly stamp: string;
  readonly subscription: Subscription;
}

/** News of changes may be lost. */
const LOOK_MS = 5_000;

export class Subscriptions implements Service {
  readonly #options: SubscriptionsOptions;
  readonly #loop: Loop;
  readonly #held = new Map<string, Held>();

  constructor(options: SubscriptionsOptions) {
    const { runtime } = options;
    this.#options = options;
    this.#loop = new Loop({ name: 'subscriptions', runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#end([...this.#held.keys()]);
  }

  runOnce(): Promise<void> {
    return this.#loop.runOnce();
  }

  /** Workflows or connections were changed. */
  wake(): void {
    this.#loop.wake();
  }

  async #round(): Promise<number> {
    const { brokers, workflows, runtime } = this.#options;
    const found = new Map<string, { readonly trigger: ListeningTrigger; readonly broker: Broker }>();
    for (const broker of brokers.values()) {
      for (const trigger of await workflows.listening(broker.type)) found.set(trigger.id, { trigger, broker });
    }
    const stamps = new Map<string, string>();
    for (const [id, { trigger, broker }] of found) stamps.set(id, await this.#stampOf(trigger, broker));
    await this.#end([...this.#held].filter(([id, { stamp }]) => stamps.get(id) !== stamp).map(([id]) => id));
    for (const [id, { trigger, broker }] of found) {
      const held = this.#held.get(id);
      if (held !== undefined) held.subscription.update(trigger);
      else this.#begin(trigger, broker, stamps.get(id) as string);
    }
    runtime.log.debug({ subscriptions: this.#held.size }, 'looked for triggers that listen at brokers');
    return LOOK_MS;
  }

  #begin(trigger: ListeningTrigger, broker: Broker, stamp: string): void {
    const { connections, intake, places, states, runtime, executions } = this.#options;
    const { projectId, workflowId, name } = trigger;
    const place = new Room(executions, runtime, { projectId, workflowId, triggerId: name });
    const room = (signal: AbortSignal) => place.wait(signal);
    const subscription = new Subscription(broker, trigger, { connections, intake, places, states, runtime, room });
    this.#held.set(trigger.id, { stamp, subscription });
  }

  async #end(ids: readonly string[]): Promise<void> {
    const ending = ids.map((id) => this.#held.get(id)?.subscription.stop());
    for (const id of ids) this.#held.delete(id);
    await Promise.all(ending);
  }

  /** The same as long as it would listen in the same way. */
  async #stampOf({ projectId, workflowName, name, config }: ListeningTrigger, broker: Broker): Promise<string> {
    const { connections } = this.#options;
    const connection = await connections.open(projectId, String(config.connection), connectionTypeOf(broker)).then(
      ({ id, updatedAt }) => `${id} ${updatedAt}`,
      (error) => toErrorInfo(error, 'internal').code,
    );
    // The default group is made of the names.
    return JSON.stringify([broker.type, workflowName, name, config, connection]);
  }
}
