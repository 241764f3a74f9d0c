/**
 * Takes messages of brokers in: the executions of a batch are created together, and what cannot start becomes a dead
 * letter, whole: of one that is too large the letter names the blob that has it. When `take` resolves all of it is
 * durable. Keys are made of trigger and message, and of a group that reads anew: what comes again, after a crash
 * between that and the acknowledgement, starts nothing again.
 */
import { asItCame, type Decoding, decode, isTooLarge, withBlob } from '../core/brokers/decode.ts';
import { toErrorInfo } from '../core/errors.ts';
import type { Template } from '../core/expression/index.ts';
import type { ReceivedMessage } from '../ports/brokers.ts';
import type { FileStore } from '../ports/files.ts';
import type { MessageStore } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { ListeningTrigger } from '../ports/workflows.ts';
import { type Refused, refusedLetter } from './message-letter.ts';
import type { Start, Starter } from './starter.ts';
import type { Stats } from './stats.ts';

export interface IntakeOptions {
  readonly starter: Pick<Starter, 'startEach'>;
  readonly messages: Pick<MessageStore, 'setAside'>;
  readonly files: Pick<FileStore, 'put'>;
  readonly runtime: Pick<Runtime, 'now' | 'log'>;
  readonly stats: Pick<Stats, 'countLetter'>;
}

export interface Listener {
  readonly trigger: ListeningTrigger;
  /** Of the broker. */
  readonly type: string;
  readonly decode: Decoding;
  /** Executions of one value of it go one at a time. */
  readonly key: Template | null;
  /** A group that reads anew what others may have read: what those have taken starts again. */
  readonly rereads: string | null;
}

interface Wanted {
  readonly start: Start;
  readonly key: string;
  readonly again: ReceivedMessage['again'];
}

/** It comes again when this was called. */
interface Later {
  readonly again: NonNullable<ReceivedMessage['again']>;
}

/** How long a message is known by its key. */
const KEY_TTL_MS = 7 * 24 * 3_600_000;
/** Of a value that nobody has looked at. */
const MEDIA_TYPE = 'application/octet-stream';

export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Throws `store_unavailable`: some of it may be taken, and may come again. */
  async take(listener: Listener, messages: readonly ReceivedMessage[]): Promise<void> {
    const { runtime, stats } = this.#options;
    const wanted: Wanted[] = [];
    const others: (Refused | Later)[] = [];
    for (const message of messages) {
      const one = await this.#read(listener, message);
      if ('start' in one) wanted.push(one);
      else others.push(one);
    }
    others.push(...(await this.#start(listener, wanted)));
    const letters = others.filter((one) => 'error' in one).map((one) => refusedLetter(one, runtime.now()));
    if (letters.length > 0) await this.#options.messages.setAside(letters);
    for (const { letter } of letters) {
      stats.countLetter(letter.category);
      const { id, projectId, workflowId, triggerId: trigger, error } = letter;
      runtime.log.error({ projectId, workflowId, trigger, letter: id, error }, 'a message could not be taken');
    }
    // Last: where the store is away all of this is done once more, and a broker cannot take a copy back.
    for (const one of others) if ('again' in one) await one.again();
  }

  async #read(listener: Listener, message: ReceivedMessage): Promise<Wanted | Refused | Later> {
    const { trigger, type, decode: how, key: session, rereads } = listener;
    const key = JSON.stringify([type, trigger.id, message.id, ...(rereads === null ? [] : [rereads])]);
    try {
      const { projectId, workflowId, version, name: triggerId } = trigger;
      const expiresAt = this.#options.runtime.now() + KEY_TTL_MS;
      const start = {
        ...{ projectId, workflowId, version, triggerId, trigger: decode(message, how), key: { key, expiresAt } },
        ...(session !== null && { session }),
      };
      return { start, key, again: message.again };
    } catch (thrown) {
      if (message.again !== undefined) return { again: message.again };
      return { trigger, key, event: await this.#whole(trigger, message), error: toErrorInfo(thrown, 'internal') };
    }
  }

  async #whole({ projectId }: ListeningTrigger, message: ReceivedMessage): Promise<unknown> {
    const { value } = message;
    if (value === null || !isTooLarge(message)) return asItCame(message);
    const file = { projectId, mediaType: MEDIA_TYPE, data: value, isUpload: false };
    return withBlob(message, await this.#options.files.put(file));
  }

  async #start({ trigger }: Listener, wanted: readonly Wanted[]): Promise<(Refused | Later)[]> {
    if (wanted.length === 0) return [];
    const results = await this.#options.starter.startEach(wanted.map(({ start }) => start));
    return results.flatMap((error, at) => {
      if (!('code' in error)) return [];
      const { start, key, again } = wanted[at] as Wanted;
      return [again === undefined ? { trigger, key, event: start.trigger, error } : { again }];
    });
  }
}
