/**
 * Answers waits for events: of a message, the oldest open wait of each execution of those of its type whose condition is
 * true. The first message that fits is the answer. The same one again changes nothing, though the execution may wait
 * anew by then, as in a loop: it is known by source and id at the waits that it has answered, which live as long as
 * their execution. A wait whose condition fails stays open, and is told of once.
 */
import { createHash } from 'node:crypto';
import { toErrorInfo } from '../core/errors.ts';
import { isMatch } from '../core/event-match.ts';
import type { Mask } from '../core/masking/mask.ts';
import { fitsPattern } from '../core/message-pattern.ts';
import type { EventWaitDetails } from '../nodes/wait.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { EventWait, WaitStore } from '../ports/waits.ts';
import type { Deliverer, Undelivered } from './deliverer.ts';

export interface EventWaitsOptions {
  readonly waits: Pick<WaitStore, 'expected' | 'forEvent' | 'answer'>;
  readonly runtime: Runtime;
  /** Of the workflow of an execution; null: it masks nothing. */
  readonly maskOf: (of: { readonly projectId: string; readonly executionId: string }) => Promise<Mask | null>;
  /** Executions have been answered. */
  readonly answered: () => void;
}

/** Waits looked at, and answered, in one statement. */
const PAGE = 500;
/** Characters of one statement, about: each answer is the whole message. */
const LARGEST = 8 * 1024 * 1024;
/** Waits whose failure is remembered. */
const TOLD = 10_000;

export class EventWaits implements Deliverer {
  readonly name = 'event waits';
  readonly #options: EventWaitsOptions;
  readonly #told = new Set<string>();

  constructor(options: EventWaitsOptions) {
    this.#options = options;
  }

  async deliver(messages: readonly LoggedMessage[]): Promise<readonly Undelivered[]> {
    for (const [projectId, ofProject] of Map.groupBy(messages, (one) => one.projectId)) {
      const types = [...new Set(ofProject.map(({ event }) => event.type))];
      const expected = await this.#options.waits.expected(projectId, types);
      for (const message of ofProject) if (expected.has(message.event.type)) await this.#deliver(message);
    }
    return [];
  }

  async #deliver({ projectId, event }: LoggedMessage): Promise<void> {
    const { waits, runtime, answered } = this.#options;
    const limit = Math.max(1, Math.min(PAGE, Math.floor(LARGEST / JSON.stringify(event).length)));
    const message = identityOf(event);
    let after: string | undefined;
    for (;;) {
      const page = await waits.forEvent(projectId, event.type, { limit, ...(after !== undefined && { after }) });
      const fitting = page.filter((wait) => this.#fits(wait, event));
      const answers = await Promise.all(
        fitting.map(async (wait) => {
          const answer = await this.#masked(projectId, wait, event);
          return { projectId, waitId: wait.id, answer, final: true, message };
        }),
      );
      const results = await waits.answer(answers, runtime.now());
      if (results.includes('taken')) answered();
      if (page.length < limit) return;
      after = page.at(-1)?.id;
    }
  }

  async #masked(projectId: string, { executionId, details }: EventWait, event: LoggedMessage['event']) {
    if (!(details as EventWaitDetails).masks) return event;
    const mask = await this.#options.maskOf({ projectId, executionId });
    return mask === null ? event : mask.value(event);
  }

  #fits({ id, executionId, details }: EventWait, event: LoggedMessage['event']): boolean {
    // What stands in the store was recorded by the node type.
    const { type, match } = details as EventWaitDetails;
    try {
      return fitsPattern(type, event.type) && (match === null || isMatch(match, event));
    } catch (error) {
      if (this.#told.has(id)) return false;
      if (this.#told.size >= TOLD) this.#told.clear();
      this.#told.add(id);
      const about = { executionId, waitId: id, type: event.type, error: toErrorInfo(error) };
      this.#options.runtime.log.warn(about, 'the condition of a wait failed; the wait stays open');
      return false;
    }
  }
}

/** Of any length from outside. */
function identityOf({ source, id }: LoggedMessage['event']): string {
  return createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('base64url');
}
