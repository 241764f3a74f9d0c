/** Who calls webhooks in a campaign, without pause, and writes down what was acknowledged. */
import type { Answer } from '../program/server.ts';
import { type ChaosWorkflow, ERRANDS } from './workflows.ts';

/** A server, or a cluster of them. */
export interface Target {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Acknowledged {
  readonly executionId: string;
  readonly workflow: ChaosWorkflow;
  /** What the caller sent. */
  readonly n: number;
}

/** Each caller repeats what got no answer, with its key, as callers do. */
export class Callers {
  /** By key. */
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly faults: string[] = [];
  /** Executions that were seen canceled. */
  readonly canceled = new Set<string>();
  /** Answers of an execution that came instead of the 202. */
  replies = 0;
  /** Calls without an answer, by what came instead. */
  readonly unanswered = new Map<string, number>();
  readonly #target: Target;
  readonly #workflows: readonly ChaosWorkflow[];
  readonly #work: Promise<void>[];
  #stopped = false;
  #next = 0;

  constructor(target: Target, count: number, workflows: readonly ChaosWorkflow[] = [ERRANDS]) {
    this.#target = target;
    this.#workflows = workflows;
    this.#work = Array.from({ length: count }, () => this.#run());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#work);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const n = this.#next++;
      const workflow = this.#workflows[n % this.#workflows.length] as ChaosWorkflow;
      const key = `key-${n}`;
      let id: string | undefined;
      while (id === undefined) {
        id = await this.#fire(workflow, key, n);
        if (id === undefined) await pause(20);
      }
      if (id === REFUSED) continue;
      this.acknowledged.set(key, { executionId: id, workflow, n });
      if (workflow.fickle && Math.random() < 0.5) await this.#cancel(id);
    }
  }

  /** The id of the execution; undefined where it must be asked again. */
  async #fire(workflow: ChaosWorkflow, key: string, n: number): Promise<string | undefined> {
    const answer = await this.#ask('POST', `/webhooks/${workflow.name}`, { n }, { 'idempotency-key': key });
    if (answer === undefined) return undefined;
    const { status, body, headers } = answer;
    if (status === 202) return body.executionId;
    if (status === 200 && workflow.reply !== undefined) {
      this.replies += 1;
      if (JSON.stringify(body) !== JSON.stringify(workflow.reply(n)))
        this.faults.push(`${key}: ${JSON.stringify(body)}`);
      return headers.get('x-execution-id') ?? undefined;
    }
    this.faults.push(`${key} was answered ${status}: ${JSON.stringify(body)}`);
    return REFUSED;
  }

  async #cancel(id: string): Promise<void> {
    await pause(Math.random() * 300);
    const answer = await this.#ask('POST', `/api/executions/${id}/cancel`, {});
    if (answer?.body.status === 'canceled') this.canceled.add(id);
  }

  /** Undefined where nobody could answer, which callers must bear. */
  async #ask(...call: Parameters<Target['call']>): Promise<Answer | undefined> {
    try {
      const answer = await this.#target.call(...call);
      if (answer.status !== 503 && answer.status !== 429) return answer;
      return this.#miss(`${answer.status} ${answer.body.code}`);
    } catch (error) {
      return this.#miss((error as Error).name);
    }
  }

  #miss(why: string): undefined {
    this.unanswered.set(why, (this.unanswered.get(why) ?? 0) + 1);
  }
}

/** Stands for the id of what was refused for good. */
const REFUSED = '';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
