/** Runs JavaScript of the user in the sandbox. A task although it is pure, so that it stays out of the engine's thread. */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../core/duration.ts';
import { EFFECTS } from '../core/effect.ts';
import type { Env } from '../core/expression/env.ts';
import type { TaskNode } from '../core/node-type.ts';
import type { Sandbox } from '../ports/sandbox.ts';

const LONGEST_MS = 5 * 60_000;
const MEGABYTE = 1024 * 1024;

export const codeConfig = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(100_000)
    .describe(
      'The body of an async function in JavaScript; `return` is the output. Sees the variables of expressions except ' +
        '$secrets; an earlier node must be named as $node.ID or $node["ID"].',
    ),
  timeout: durationSchema
    .refine((text) => parseDuration(text) > 0 && parseDuration(text) <= LONGEST_MS, 'takes more than 0s and at most 5m')
    .default('5s')
    .describe('How long the code may run, at most 5m'),
  memory: z
    .string()
    .regex(/^[1-9]\d{0,5}(KB|MB)$/, 'takes a size such as 64MB or 2048KB')
    .refine((text) => parseMemory(text) >= MEGABYTE && parseMemory(text) <= 512 * MEGABYTE, 'takes 1MB to 512MB')
    .default('64MB')
    .describe('How much memory the code may use, at most 512MB'),
  effect: z.enum(EFFECTS).default('pure').describe('What the engine may assume when it retries or replays the node'),
});
export type CodeConfig = z.infer<typeof codeConfig>;

export function codeNode(sandbox: Sandbox): TaskNode<CodeConfig> {
  return {
    type: 'code',
    version: 1,
    description: 'Runs JavaScript in a sandbox without file system, network and environment.',
    example: {
      source: 'return { total: $json.items.reduce((sum, item) => sum + item.price, 0) };',
      timeout: '5s',
      memory: '64MB',
    },
    config: codeConfig,
    raw: ['source'],
    ports: () => ['out'],
    effect: (config) => config.effect,
    async run(config, task) {
      const output = await sandbox.run({
        source: config.source,
        globals: globalsOf(config.source, task.env),
        timeoutMs: parseDuration(config.timeout),
        memoryBytes: parseMemory(config.memory),
        signal: task.signal,
      });
      return { output };
    },
  };
}

function parseMemory(text: string): number {
  return Number.parseInt(text, 10) * (text.endsWith('KB') ? 1024 : MEGABYTE);
}

/** What is always there is null where it has no value; `$item` and its like exist only inside a container. */
function globalsOf(source: string, env: Env): Record<string, unknown> {
  return {
    $json: env.$json ?? null,
    $trigger: env.$trigger ?? null,
    $execution: env.$execution ?? null,
    $workflow: env.$workflow ?? null,
    $vars: env.$vars ?? {},
    $now: env.$now === undefined ? null : new Date(env.$now).toISOString(),
    $node: nodesOf(source, env),
    $item: env.$item,
    $index: env.$index,
    $results: env.$results,
  };
}

/**
 * Outputs of the nodes that the source names as `$node.ID` or `$node['ID']`: copying in the outputs of a whole graph
 * would cost far more than the code.
 */
function nodesOf(source: string, env: Env): Record<string, unknown> {
  // Spaces are counted, so that a source of spaces costs no quadratic time in the engine's thread.
  const names = /\$node\s{0,20}(?:\??\.\s{0,20}([A-Za-z_$][\w$]*)|(?:\?\.)?\[\s{0,20}(["'`])([^"'`\\]+)\2\s{0,20}\])/g;
  const outputs = new Map<string, unknown>();
  for (const [, plain, , quoted] of source.matchAll(names)) {
    const id = plain ?? quoted;
    if (id !== undefined) outputs.set(id, env.node?.(id));
  }
  return Object.fromEntries(outputs);
}
