/** Compiled plans by workflow and version. A version never changes, so an entry is never stale. */

import { MyelinError } from '../core/errors.ts';
import type { NodeTypes } from '../core/node-type.ts';
import { type CallbackUrl, compilePlan } from '../core/plan/compile.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { WorkflowStore } from '../ports/workflows.ts';

/** Plans kept; the one not used for longest goes first. */
const KEPT = 1_000;

export class Plans {
  readonly #store: WorkflowStore;
  readonly #types: NodeTypes;
  readonly #callbackUrls: (projectId: string) => Promise<CallbackUrl>;
  readonly #plans = new Map<string, Promise<Plan>>();

  constructor(store: WorkflowStore, types: NodeTypes, callbackUrls: (projectId: string) => Promise<CallbackUrl>) {
    this.#store = store;
    this.#types = types;
    this.#callbackUrls = callbackUrls;
  }

  /** Throws `workflow_not_found` where the version is gone. */
  get(projectId: string, workflowId: string, version: number): Promise<Plan> {
    const key = `${projectId}:${workflowId}:${version}`;
    const known = this.#plans.get(key);
    if (known !== undefined) {
      this.#plans.delete(key);
      this.#plans.set(key, known);
      return known;
    }
    const compiled = this.#compile(projectId, workflowId, version);
    this.#plans.set(key, compiled);
    compiled.catch(() => this.#plans.delete(key));
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > KEPT && oldest !== undefined) this.#plans.delete(oldest);
    return compiled;
  }

  async #compile(projectId: string, workflowId: string, version: number): Promise<Plan> {
    const found = await this.#store.version(projectId, workflowId, version);
    if (found === undefined) {
      throw new MyelinError('workflow_not_found', `Version ${version} of workflow ${workflowId} does not exist.`);
    }
    return compilePlan(found.definition, { workflowId, version }, this.#types, await this.#callbackUrls(projectId));
  }
}
