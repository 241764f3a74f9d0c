/**
 * Lets groups of event triggers read on by themselves until they are at the head, where the relay has them along: those
 * whose workflows were paused, that somebody has set back, or that begin further back. A message is delivered as the
 * relay delivers it, under the same key of its start, to this one group.
 *
 * Live work goes first: a group is passed over while many executions stand before what it would start.
 */
import type { EventGroupStore, GroupRef } from '../ports/event-groups.ts';
import type { LoggedMessage, Relayed } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { ExecutionStore } from '../ports/store.ts';
import type { Changed } from './changes.ts';
import { Delivery } from './delivery.ts';
import type { EventSchemas } from './event-schemas.ts';
import type { EventTriggers } from './event-triggers.ts';
import { failpoint } from './failpoint.ts';
import { Loop } from './loop.ts';
import type { Stats } from './stats.ts';

export interface CatchUpOptions {
  readonly groups: Pick<EventGroupStore, 'step' | 'listening'>;
  readonly executions: Pick<ExecutionStore, 'ahead'>;
  readonly triggers: Pick<EventTriggers, 'of'>;
  readonly runtime: Runtime;
  readonly stats: Stats;
  /** What readers see of messages; absent: them as they are. */
  readonly schemas?: Pick<EventSchemas, 'read'>;
  readonly changed?: Changed;
}

/** Messages of one step. */
const BATCH = 500;
/** Executions that may stand before a trigger of a group while more are started. */
const ROOM = 1_000;
/** Between looks while there is no room, and where nothing has to be done. */
const BUSY_MS = 100;
const LOOK_MS = 1_000;

export class CatchUp extends Loop {
  readonly #options: CatchUpOptions;

  constructor(options: CatchUpOptions) {
    super({ name: 'catch-up', runtime: options.runtime, round: () => this.#round() });
    this.#options = options;
  }

  async #round(): Promise<number> {
    const { groups, runtime, changed } = this.#options;
    let isOneFull = false;
    const hasRoom = async (group: GroupRef) => {
      const isFull = await this.#isFull(group);
      isOneFull ||= isFull;
      return !isFull;
    };
    const deliver = (group: GroupRef, messages: readonly LoggedMessage[]) => this.#deliver(group, messages);
    const step = await groups.step(runtime.now(), BATCH, deliver, hasRoom);
    if (step === undefined) return isOneFull ? BUSY_MS : LOOK_MS;
    const { projectId, name, handed, arrived } = step;
    if (arrived) runtime.log.info({ projectId, group: name }, 'a group of event triggers has caught up in a lane');
    if (handed > 0 || arrived) changed?.(projectId, ['event-groups']);
    return 0;
  }

  /** Nobody knows which of its triggers gets the next message: one that is full stops all of it. */
  async #isFull({ projectId, name }: GroupRef): Promise<boolean> {
    const { groups, executions } = this.#options;
    const members = (await groups.listening([projectId])).filter(({ group }) => group === name);
    for (const { workflowId, name: triggerId } of members) {
      if ((await executions.ahead({ projectId, workflowId, triggerId }, ROOM)) >= ROOM) return true;
    }
    return false;
  }

  async #deliver(group: GroupRef, messages: readonly LoggedMessage[]): Promise<Relayed> {
    const { triggers, runtime, stats, schemas, changed } = this.#options;
    failpoint('catch-up.before-deliver');
    // What no reader can be given is a dead letter since the relay came by.
    const { readable, refused } = (await schemas?.read(messages)) ?? { readable: messages, refused: [] };
    const delivery = new Delivery({ runtime, stats, deliverers: [triggers.of(group)] });
    const { done, ...relayed } = await delivery.deliver(readable);
    failpoint('catch-up.after-deliver');
    stats.caughtUp += done.length;
    if (relayed.letters !== undefined && relayed.letters.length > 0) changed?.(group.projectId, ['dead-letters']);
    return { ...relayed, done: [...done, ...refused.map(({ message }) => message.id)] };
  }
}
