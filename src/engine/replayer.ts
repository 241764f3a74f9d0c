/**
 * Carries replays out: messages of the log, in their order, start executions of a workflow once more. Any number of
 * processes may do it; a replay is in the hands of one, which moves its place on after each batch. The key of a start is
 * made of replay and place, so a batch that is done again after a crash starts nothing again.
 *
 * Live work goes first: executions of replays have the lowest priority, and none is made while others wait for a worker.
 */
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { Replay, ReplayStep } from '../ports/replays.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Changed } from './changes.ts';
import { depthAfter } from './event-listener.ts';
import type { EventSchemas } from './event-schemas.ts';
import { Loop } from './loop.ts';
import { chooseMessages } from './replay-choice.ts';
import type { Start, Starter } from './starter.ts';

export interface ReplayerOptions {
  readonly store: Pick<Store, 'replays' | 'messages' | 'executions' | 'workflows'>;
  readonly starter: Pick<Starter, 'queueEach'>;
  readonly runtime: Runtime;
  /** What readers see of messages; absent: them as they are. */
  readonly schemas?: Pick<EventSchemas, 'read'>;
  readonly changed?: Changed;
}

/** Stands for the trigger where the workflow has no event trigger. */
const BY_REPLAY = 'replay';

/** Messages of one step. */
const BATCH = 200;
/** Executions that may wait for a worker while more are made. */
const ROOM = 400;
/** Between looks while there is no room or nobody may go on yet, and where nothing runs. */
const BUSY_MS = 100;
const LOOK_MS = 1_000;
/** How long a start is known by its key: by then nobody comes back to its place. */
const KEY_TTL_MS = 7 * 24 * 3_600_000;

export class Replayer extends Loop {
  readonly #options: ReplayerOptions;

  constructor(options: ReplayerOptions) {
    super({ name: 'replayer', runtime: options.runtime, round: () => this.#round() });
    this.#options = options;
  }

  async #round(): Promise<number> {
    const { store, runtime, changed } = this.#options;
    let before: Replay | undefined;
    const after = await store.replays.step(runtime.now(), (replay) => {
      before = replay;
      return this.#advance(replay);
    });
    if (after === null) return BUSY_MS;
    if (after === undefined || before === undefined) return LOOK_MS;
    const { projectId, id, status, error } = after;
    const about = { projectId, replay: id, workflowId: after.workflowId };
    if (status === 'failed') runtime.log.error({ ...about, error }, 'a replay cannot go on');
    if (status === before.status && after.position === before.position) return BUSY_MS;
    changed?.(projectId, ['replays']);
    return 0;
  }

  async #advance(replay: Replay): Promise<ReplayStep> {
    const { store, schemas, runtime } = this.#options;
    const { projectId, filter, position: after, end } = replay;
    const fault = await this.#fault(replay);
    if (fault !== undefined) return { ...replay, status: 'failed', error: fault };
    const room = ROOM - (await store.executions.queued(ROOM));
    if (room <= 0) return replay;
    const limit = Math.min(BATCH, room);
    const read = await store.messages.read({ ...filter, projectId, after, limit });
    const messages = read.filter(({ id }) => id <= end);
    const chosen = await chooseMessages(messages, replay.trigger, runtime.now(), schemas);
    const { taken, skipped } = chosen;
    const refusals = [...chosen.refusals, ...(await this.#start(replay, taken))];
    return {
      status: messages.length < limit ? 'completed' : 'running',
      position: messages.at(-1)?.id ?? after,
      started: replay.started + messages.length - skipped - refusals.length,
      skipped: replay.skipped + skipped,
      refused: replay.refused + refusals.length,
      error: refusals.at(-1) ?? replay.error,
    };
  }

  /** Why it cannot go on. */
  async #fault({ projectId, workflowId, workflowName }: Replay): Promise<ErrorInfo | undefined> {
    const workflow = await this.#options.store.workflows.get(projectId, workflowId);
    if (workflow?.status === 'active') return undefined;
    const what = workflow === undefined ? 'was deleted' : 'is not active any more';
    return new MyelinError('workflow_not_active', `The workflow ${workflowName} ${what}.`).toInfo();
  }

  /** They wait for a worker behind the work of the day. What became of those that were refused. */
  async #start(replay: Replay, messages: readonly LoggedMessage[]): Promise<ErrorInfo[]> {
    const results = await this.#options.starter.queueEach(messages.map((message) => this.#startOf(replay, message)));
    return results.filter((one) => 'code' in one);
  }

  #startOf(replay: Replay, { id: place, event }: LoggedMessage): Start {
    const { id, projectId, workflowId, version, trigger, suppressed } = replay;
    const key = { key: `replay/${id}/${place}`, expiresAt: this.#options.runtime.now() + KEY_TTL_MS };
    return {
      ...{ projectId, workflowId, version, triggerId: trigger?.name ?? BY_REPLAY, key, priority: 'low' },
      trigger: { ...event, replayid: id },
      depth: depthAfter(event),
      ...(suppressed && { test: { pins: {}, suppressed: true } }),
    };
  }
}
