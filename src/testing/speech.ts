/** A task that says what the test says, as a model would; for tests of what is read while it speaks. */
import { z } from 'zod';
import { MyelinError } from '../core/errors.ts';
import type { TaskContext, TaskNode } from '../core/node-type.ts';
import type { Tokens } from '../ports/tokens.ts';

export interface Spoken {
  readonly task: TaskContext;
  say(piece: string): void;
  /** Completes with what was said, or with another text. */
  end(text?: string): void;
  fail(): void;
}

export class Speech {
  readonly #begun: Spoken[] = [];
  readonly #waiting: ((spoken: Spoken) => void)[] = [];

  /** The next attempt that begins, or has begun and was not asked for. */
  next(): Promise<Spoken> {
    const begun = this.#begun.shift();
    return begun === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(begun);
  }

  /** The node type `speak`. */
  nodeOver(tokens: Tokens): TaskNode {
    return {
      type: 'speak',
      version: 1,
      description: 'Says what the test says.',
      example: {},
      config: z.strictObject({}),
      ports: () => ['out'],
      effect: () => 'read',
      streams: true,
      run: (_, task) => this.#run(tokens, task),
    };
  }

  #run(tokens: Tokens, task: TaskContext): Promise<{ output: unknown }> {
    const writer = tokens.open(task);
    let said = '';
    return new Promise<{ output: unknown }>((resolve, reject) => {
      task.signal.addEventListener('abort', () => reject(task.signal.reason));
      this.#begin({
        task,
        say: (piece) => {
          said += piece;
          writer.write(piece);
        },
        end: (text = said) => resolve({ output: { text, model: 'test:one' } }),
        fail: () => reject(new MyelinError('timeout', 'The model was too slow.')),
      });
    }).finally(() => writer.close());
  }

  #begin(spoken: Spoken): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#begun.push(spoken);
    else waiting(spoken);
  }
}
