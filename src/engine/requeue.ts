/**
 * Dead letters that a person tries again: the execution goes on from where it failed, or a new one takes its place,
 * with another payload or where the old one is gone. A message that could not be delivered is delivered again.
 */
import { blobOf, withValue } from '../core/brokers/decode.ts';
import type { BrokerTriggerConfig } from '../core/brokers/trigger-fields.ts';
import type { CloudEvent } from '../core/cloud-event.ts';
import { type TriggerDefinition, triggerConfigOf } from '../core/definition/schema.ts';
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { fitFaults } from '../core/json-schema/fit.ts';
import type { Letter, LetterQuery } from '../ports/dead-letters.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { queuedStart } from './child.ts';
import { wholeMessage, withData } from './message-letter.ts';
import type { PageDone } from './page-done.ts';
import type { Plans } from './plans.ts';

export interface RequeueOptions {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly plans: Plans;
  /** Executions have something to do now. */
  readonly requeued: () => void;
}

const BY_HAND = 'requeued by a person';

export class Requeue {
  readonly #options: RequeueOptions;

  constructor(options: RequeueOptions) {
    this.#options = options;
  }

  /**
   * With a payload, and where the execution is gone, a new execution of the present version starts; of a message the
   * payload is the data. Throws
   * `dead_letter_not_found`, `dead_letter_resolved`, `illegal_transition`, `workflow_not_found`, `workflow_not_active`,
   * `invalid_request` for a payload that the trigger does not take.
   */
  async one(projectId: string, id: string, payload?: unknown): Promise<Letter> {
    const { requeued } = this.#options;
    if (payload !== undefined) await this.#anew(await this.find(projectId, id), payload);
    else if (!(await this.#same(projectId, [id])).includes(id)) await this.#without(await this.find(projectId, id));
    requeued();
    return await this.find(projectId, id);
  }

  /** Those of one page that are open. Refused: in doubt, resolved or led on meanwhile, or nothing is left to start. */
  async page(query: LetterQuery): Promise<PageDone<Pick<Letter, 'failedAt' | 'id'>>> {
    const { store, requeued: tell } = this.#options;
    const found = await store.deadLetters.list(query);
    const open = found.filter(({ status }) => status === 'NEW' || status === 'REVIEWED');
    // Of an effect in doubt each is looked at by itself: trying them all again might pay them all twice.
    const sure = open.filter(({ error }) => error.code !== 'in_doubt').map(({ id }) => id);
    const same = new Set(await this.#same(query.projectId, sure));
    let anew = 0;
    for (const id of sure) if (!same.has(id) && (await this.#tryWithout(query.projectId, id))) anew += 1;
    const done = same.size + anew;
    if (done > 0) tell();
    const next = found.length < query.limit ? null : (found.at(-1) ?? null);
    return { done, refused: open.length - done, next };
  }

  /** Throws `dead_letter_not_found`. */
  async find(projectId: string, id: string): Promise<Letter> {
    const letter = await this.#options.store.deadLetters.get(projectId, id);
    if (letter === undefined) throw new MyelinError('dead_letter_not_found', `There is no dead letter ${id}.`);
    return letter;
  }

  #same(projectId: string, ids: readonly string[]): Promise<string[]> {
    const { store, runtime } = this.#options;
    return store.deadLetters.requeue({ projectId, ids, reason: BY_HAND, now: runtime.now() });
  }

  async #tryWithout(projectId: string, id: string): Promise<boolean> {
    try {
      await this.#without(await this.find(projectId, id));
      return true;
    } catch (error) {
      if (error instanceof MyelinError && error.kind === 'permanent') return false;
      throw error;
    }
  }

  /** Its execution could not be told to go on: it is gone, or there is nothing to do. */
  async #without(letter: Letter): Promise<void> {
    refuseResolved(letter);
    const { projectId, executionId } = letter;
    const row = executionId === null ? undefined : await this.#options.store.executions.get(projectId, executionId);
    if (row !== undefined) {
      throw new MyelinError('illegal_transition', `The execution is ${row.status}; it goes on already, or has ended.`);
    }
    await this.#anew(letter);
  }

  /** Without a payload: with the original. */
  async #anew(letter: Letter, payload?: unknown): Promise<void> {
    refuseResolved(letter);
    const event = eventFor(letter, payload);
    const won = letter.workflowId === null ? await this.#send(letter, event) : await this.#start(letter, event);
    if (won) return;
    refuseResolved(await this.find(letter.projectId, letter.id));
    throw new MyelinError('version_conflict', 'The letter was changed by someone else in between; try again.');
  }

  #send({ projectId, id }: Letter, event: unknown): Promise<boolean> {
    const { store, runtime } = this.#options;
    return store.deadLetters.requeueMessage({ projectId, id, event: event as CloudEvent, now: runtime.now() });
  }

  async #start(letter: Letter, payload: unknown): Promise<boolean> {
    const { store, runtime, plans } = this.#options;
    const { projectId, id } = letter;
    const triggerId = letter.triggerId ?? 'api';
    const workflow = await store.workflows.get(projectId, letter.workflowId ?? '');
    if (workflow === undefined) throw new MyelinError('workflow_not_found', 'The workflow of this letter was deleted.');
    if (workflow.status === 'paused') {
      throw new MyelinError('workflow_not_active', `The workflow ${workflow.name} is paused; resume it first.`);
    }
    const trigger = workflow.definition.triggers?.find((one) => one.id === triggerId);
    if (trigger?.type === 'manual' && trigger.input !== undefined) checkPayload(trigger.input, payload);
    const whole = await this.#withValue(letter, payload, trigger);
    const now = runtime.now();
    const env = { now, id: () => runtime.id(), random: () => runtime.random() };
    const plan = await plans.get(projectId, workflow.id, workflow.version);
    const commit = queuedStart(env, { executionId: runtime.id(), projectId, plan, triggerId, trigger: whole });
    return await store.deadLetters.requeueAs({ projectId, id, commit, now });
  }

  /** Of a message that was too large to start by itself, the value lies in a blob. */
  async #withValue({ projectId, source }: Letter, event: unknown, trigger: TriggerDefinition | undefined) {
    const blob = source === 'message' ? blobOf(event) : undefined;
    if (blob === undefined || !isObject(event)) return event;
    const file = await this.#options.store.files.get(projectId, blob.hash);
    if (file === undefined) throw new MyelinError('blob_not_found', `There is no blob ${blob.hash} any more.`);
    const { decode = 'json' } = (trigger === undefined ? {} : triggerConfigOf(trigger)) as Pick<
      BrokerTriggerConfig,
      'decode'
    >;
    return withValue(event, file.data, decode);
  }
}

/** What starts again: the original, or the payload in its place; of a message the payload is its data. */
function eventFor({ source, originalEvent }: Letter, payload: unknown): unknown {
  if (source !== 'message') return payload === undefined ? originalEvent : payload;
  return payload === undefined ? wholeMessage(originalEvent) : withData(originalEvent, payload);
}

function refuseResolved({ id, status, retriedAs }: Letter): void {
  if (status === 'NEW' || status === 'REVIEWED') return;
  const how =
    status === 'ARCHIVED'
      ? 'is archived'
      : retriedAs === null
        ? 'was requeued already, and has not failed again'
        : `was requeued already, as execution ${retriedAs}`;
  throw new MyelinError('dead_letter_resolved', `The dead letter ${id} ${how}.`);
}

function checkPayload(schema: unknown, payload: unknown): void {
  const errors = fitFaults(schema, payload).slice(0, 100);
  const [first] = errors;
  if (first === undefined) return;
  throw new MyelinError('invalid_request', `payload ${first.path}: ${first.message}`, { errors });
}
