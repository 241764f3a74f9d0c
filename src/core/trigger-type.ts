/**
 * What a trigger type is: its config, as data. What listens (HTTP, cron, a broker) is in the engine and the api.
 * Adding one: a file or folder in `triggers/`, a line in `triggers/registry.ts`.
 */
import type { z } from 'zod';
import type { Json } from './json.ts';

export interface TriggerType<C = unknown> {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  /** A config that validates; shown in the docs, tried by a test. */
  readonly example: { readonly [key: string]: Json };
  /** The config as written, without the `id` and `type` of the trigger. */
  readonly config: z.ZodType<C>;
  /** Fields that a form shows at once and in this order, set or not; default those that are required. */
  readonly first?: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds types of different configs
export type TriggerTypes = ReadonlyMap<string, TriggerType<any>>;
