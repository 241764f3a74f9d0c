/** What a figure was measured on; printed beside every figure, since without it none means anything. */
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

export interface Machine {
  /** Model of the processor. */
  readonly cpu: string;
  /** Processors that this process may use. */
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
  readonly kernel: string;
  readonly node: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: Math.round((totalmem() / 1024 ** 3) * 10) / 10,
    kernel: `${type()} ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
  };
}
