/**
 * What reading may cost. Values share their parts, and the builder copies what it is given: a short text of constants
 * that hold each other twice would become a document without end. So each value has a weight as if it were written out,
 * and each copy is charged.
 */
import { DEEPEST } from '../safe-json.ts';
import { refuse, type Span } from './unreadable.ts';

/** Weight of all copies together. */
const MAX_WEIGHT = 2 ** 26;
/** Of a value, besides the characters of its texts and keys: about what its copy costs, in characters. */
const WEIGHT = 128;
/** Levels of syntax inside each other: those of a value, and calls and signs between them. */
const MAX_LEVELS = 3 * DEEPEST;

export interface Size {
  readonly weight: number;
  /** Levels of nesting; a text has none. */
  readonly depth: number;
}

const SCALAR: Size = { weight: WEIGHT, depth: 0 };

export class Sizes {
  readonly #sizes = new WeakMap<object, Size>();
  #spent = 0;
  #levels = 0;

  of(value: unknown): Size {
    if (typeof value === 'string') return { weight: WEIGHT + value.length, depth: 0 };
    return this.#sizes.get(Object(value)) ?? SCALAR;
  }

  set(value: object, size: Size): void {
    this.#sizes.set(value, size);
  }

  /** What stands in a value that was copied has the size of the whole, at most. */
  part(value: unknown, whole: object): unknown {
    const isNew = typeof value === 'object' && value !== null && !this.#sizes.has(value);
    if (isNew) this.#sizes.set(value, this.of(whole));
    return value;
  }

  /** Notes the size of a list or object that was made. Throws `Unreadable` where it is nested too deeply. */
  note<T extends object>(value: T, span: Span): T {
    let weight = WEIGHT;
    let depth = 0;
    for (const [key, part] of Object.entries(value)) {
      const size = this.of(part);
      weight += size.weight + key.length;
      depth = Math.max(depth, size.depth);
    }
    if (depth >= DEEPEST) refuse(`the value is nested more than ${DEEPEST} levels deep; flatten it`, span);
    this.#sizes.set(value, { weight, depth: depth + 1 });
    return value;
  }

  /** Throws `Unreadable` where more is copied than a document can hold. */
  charge(weight: number, span: Span): void {
    this.#spent += weight;
    if (this.#spent > MAX_WEIGHT) refuse('all of it together is larger than a workflow can be', span);
  }

  /** Runs `read` a level further in. Throws `Unreadable` where there are too many. */
  inside<T>(span: Span, read: () => T): T {
    this.#levels += 1;
    if (this.#levels > MAX_LEVELS) refuse('it is nested too deeply to be read', span);
    const value = read();
    this.#levels -= 1;
    return value;
  }
}
