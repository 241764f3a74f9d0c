/** Time, ids, randomness, sleep and the log come in through this door, so that a simulation can hold it. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A new UUIDv7. */
  id(): string;
  /** In [0, 1). */
  random(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once what can go on now has gone on, so that it finds what was done together. */
  soon(call: () => void): void;
  readonly log: Logger;
}

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Every background part of the engine has this form; `runOnce` does one round and is what tests call. */
export interface Service {
  start(): void;
  stop(): Promise<void>;
  runOnce(): Promise<void>;
}
