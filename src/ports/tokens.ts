/**
 * Texts of model calls as they come. A text is a stream of its own, named by execution, path and attempt; a place in it
 * is an offset in UTF-16 code units. Nothing here is a fact: the text counts once the journal has it whole, as `text`
 * in the output of `node.completed`, and what was lost before is read from there.
 */
export interface Tokens {
  /** Of a call that begins; one that is open under the same name is forgotten. */
  open(call: CallRef): TokenWriter;
}

/** Neither method waits or throws. */
export interface TokenWriter {
  /** The next piece, cut anywhere. */
  write(piece: string): void;
  /** The call is over, however it ended; call it in a `finally`. What is written later is dropped. */
  close(): void;
}

export interface ExecutionRef {
  readonly projectId: string;
  readonly executionId: string;
}

export interface CallRef extends ExecutionRef {
  /** Address of the node, such as `classify[0]/model`. */
  readonly path: string;
  readonly attempt: number;
}

/** A part of a text; `start` is the offset of its first unit. It never ends within a surrogate pair. */
export interface TokenChunk extends CallRef {
  readonly start: number;
  readonly text: string;
}

/** For the readers of other processes. Rows may be lost at any moment, and nobody minds for long. */
export interface TokenStore {
  /** Makes the news `tokens`. A chunk that is there already at this place is replaced. */
  write(chunks: readonly TokenChunk[]): Promise<void>;
  /**
   * Of these executions, at most `limit` chunks: of each call in `have` what begins at its length or later, of any
   * other call the first. Those of one call in order.
   */
  read(executions: readonly ExecutionRef[], have: readonly HaveText[], limit: number): Promise<TokenChunk[]>;
  /** The calls have ended: removes their chunks, and what earlier attempts have left. */
  remove(calls: readonly CallRef[]): Promise<void>;
  /** Removes what was written longer ago: processes that died have left it. */
  forget(olderThanMs: number): Promise<void>;
}

export interface HaveText extends CallRef {
  readonly length: number;
}
