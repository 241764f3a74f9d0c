/** One trigger that listens at a broker: it begins again when something breaks, after pauses that grow. */
import { partsOf } from '../core/brokers/received.ts';
import { type BrokerTriggerConfig, DEFAULT_BATCH, defaultGroup } from '../core/brokers/trigger-fields.ts';
import { MyelinError, toErrorInfo } from '../core/errors.ts';
import { compileTemplate } from '../core/expression/index.ts';
import type { BrokerPlaceStore, Places } from '../ports/broker-places.ts';
import type { Broker, ReceivedMessage } from '../ports/brokers.ts';
import type { Connections } from '../ports/connections.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { ListeningTrigger } from '../ports/workflows.ts';
import type { Intake, Listener } from './intake.ts';
import type { TriggerStates } from './trigger-states.ts';
import { isUnavailable } from './unavailable.ts';

export interface SubscriptionNeeds {
  readonly connections: Connections;
  readonly intake: Pick<Intake, 'take'>;
  readonly places: BrokerPlaceStore;
  readonly states: TriggerStates;
  readonly runtime: Pick<Runtime, 'now' | 'sleep' | 'log'>;
  /** Resolves when there is room for more executions, or the signal aborts. */
  readonly room: (signal: AbortSignal) => Promise<void>;
}

/** After a break: a second, then twice as long each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** As long as the store is away. */
const STORE_PAUSE_MS = 250;
const LONGEST_STORE_PAUSE_MS = 10_000;
const STOP_MS = 5_000;

export class Subscription {
  readonly #broker: Broker;
  readonly #needs: SubscriptionNeeds;
  readonly #over = new AbortController();
  readonly #ended: Promise<void>;
  #listener: Listener;
  /** Messages have come since it last broke. */
  #works = false;
  /** Since the store is away; 0: it is not. */
  #storePauseMs = 0;

  constructor(broker: Broker, trigger: ListeningTrigger, needs: SubscriptionNeeds) {
    this.#broker = broker;
    this.#needs = needs;
    this.#listener = listenerOf(broker, trigger);
    this.#ended = this.#run();
  }

  /** Another version of its workflow, which says the same of the trigger. */
  update(trigger: ListeningTrigger): void {
    this.#listener = { ...this.#listener, trigger };
  }

  /** What is not durable by then comes again. Nobody waits long for a broker that does not answer. */
  async stop(): Promise<void> {
    this.#over.abort(new MyelinError('interrupted', 'The trigger does not listen any more.'));
    const over = new AbortController();
    const late = this.#needs.runtime.sleep(STOP_MS, over.signal);
    await Promise.race([this.#ended, late]);
    over.abort('over');
  }

  async #run(): Promise<void> {
    const { states, runtime } = this.#needs;
    const { signal } = this.#over;
    states.starting(this.#listener.trigger);
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      this.#works = false;
      const error = await this.#attempt();
      if (signal.aborted) break;
      if (this.#works) pauseMs = FIRST_PAUSE_MS;
      const { id, projectId, workflowName, name } = this.#listener.trigger;
      runtime.log.warn(
        { projectId, triggerId: id, workflow: workflowName, trigger: name, error },
        'a trigger is cut off',
      );
      states.failed(this.#listener.trigger, error);
      await runtime.sleep(pauseMs, signal);
    }
    states.drop(this.#listener.trigger);
  }

  /** What ended it. */
  async #attempt() {
    const { connections, places, states } = this.#needs;
    const { trigger } = this.#listener;
    const { connection: name, group, batch } = trigger.config as BrokerTriggerConfig & { readonly group?: string };
    try {
      const connection = await connections.open(trigger.projectId, name, connectionTypeOf(this.#broker));
      const named = group ?? defaultGroup(trigger.workflowName, trigger.name);
      const of = { projectId: trigger.projectId, triggerId: trigger.id, group: named };
      const subscription = {
        connection,
        config: trigger.config,
        group: named,
        batch: batch ?? DEFAULT_BATCH,
        take: (messages: readonly ReceivedMessage[]) => this.#take(messages),
        takeNow: (messages: readonly ReceivedMessage[]) => this.#takeNow(messages),
        ready: () => this.#ready(),
        remembered: () => places.read(of),
        remember: (all: Places) => places.write(of, all),
        listening: () => states.running(trigger),
        lag: (messages: number) => states.lag(trigger, messages),
      };
      await this.#broker.consume(subscription, this.#over.signal);
      return new MyelinError('connection_failed', 'The broker has ended the connection.').toInfo();
    } catch (error) {
      return toErrorInfo(error, 'internal');
    }
  }

  async #take(messages: readonly ReceivedMessage[]): Promise<void> {
    for (;;) {
      await this.#ready();
      try {
        return await this.#takeNow(messages);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
    }
  }

  async #ready(): Promise<void> {
    const { runtime, room } = this.#needs;
    const { signal } = this.#over;
    if (this.#storePauseMs > 0) await runtime.sleep(this.#storePauseMs, signal);
    await room(signal);
  }

  async #takeNow(messages: readonly ReceivedMessage[]): Promise<void> {
    const { intake, states } = this.#needs;
    const { signal } = this.#over;
    if (signal.aborted) throw signal.reason;
    try {
      for (const part of partsOf(messages)) await intake.take(this.#listener, part);
    } catch (error) {
      if (isUnavailable(error)) {
        this.#storePauseMs = Math.min(LONGEST_STORE_PAUSE_MS, this.#storePauseMs * 2 || STORE_PAUSE_MS);
      }
      throw error;
    }
    this.#storePauseMs = 0;
    this.#works = true;
    states.took(this.#listener.trigger, messages.length);
  }
}

export const connectionTypeOf = ({ type, connectionType }: Pick<Broker, 'type' | 'connectionType'>): string =>
  connectionType ?? type;

function listenerOf({ type }: Broker, trigger: ListeningTrigger): Listener {
  const { decode = 'json', key } = trigger.config as BrokerTriggerConfig;
  return { trigger, type, decode, key: key === undefined ? null : compileTemplate(key), rereads: rereadsOf(trigger) };
}

/**
 * One that a person has named, with a place to begin at. Without a place a new group begins at the end: what the one
 * before has taken meanwhile, in another process, must not start twice.
 */
function rereadsOf({ config }: ListeningTrigger): string | null {
  const { group, from, fromOffset, fromSequence } = config;
  const isPlaced = from === 'earliest' || fromOffset !== undefined || fromSequence !== undefined;
  return typeof group === 'string' && isPlaced ? group : null;
}
