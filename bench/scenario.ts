/** What every scenario is given and what it is. */
import type { Section } from './figure.ts';
import type { Floors } from './floors.ts';
import type { ServerOptions } from './server.ts';

export interface BenchOptions {
  /** Of one measurement. */
  readonly seconds: number;
  /** Measurements of which the median counts. */
  readonly repeats: number;
  /** Folder for CPU profiles of the server; undefined: none. */
  readonly profile: string | undefined;
}

export interface Scenario {
  readonly id: string;
  /** What it needs and does not find, and how to get it; absent, or undefined: nothing. */
  readonly missing?: () => string | undefined;
  readonly run: (options: BenchOptions, floors: Floors | undefined) => Promise<Section>;
}

/** Seconds of load before anything is measured: the first seconds of a process run code that is not compiled yet. */
export const WARM_UP_S = 5;

/** Where the server of a scenario leaves its profile. */
export function profiled(options: BenchOptions, id: string): Pick<ServerOptions, 'profile'> {
  return { profile: options.profile === undefined ? undefined : `${options.profile}/${id}` };
}
