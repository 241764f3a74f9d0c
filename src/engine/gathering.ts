/** What changed in one project since it was last taken: each topic and each execution once, however often it changed. */
import type { Topic } from '../core/topics.ts';
import type { Change, ChangedExecution } from '../ports/live.ts';

export class Gathering {
  readonly #projectId: string;
  readonly #limit: number;
  readonly #topics = new Set<Topic>();
  readonly #executions = new Map<string, ChangedExecution>();
  #more = false;

  /** Keeps the first `limit` executions, and that there were more. */
  constructor(projectId: string, limit: number) {
    this.#projectId = projectId;
    this.#limit = limit;
  }

  touch(topic: Topic): void {
    this.#topics.add(topic);
  }

  /** The last status counts. */
  touchExecution(execution: ChangedExecution): void {
    this.#topics.add('executions');
    if (this.#executions.size < this.#limit || this.#executions.has(execution.id)) {
      this.#executions.set(execution.id, execution);
    } else this.#more = true;
  }

  add({ topics, executions, more }: Change): void {
    for (const topic of topics) this.#topics.add(topic);
    for (const execution of executions) this.touchExecution(execution);
    this.#more ||= more;
  }

  get change(): Change {
    const executions = [...this.#executions.values()];
    return { projectId: this.#projectId, topics: [...this.#topics], executions, more: this.#more };
  }
}
