/** One seed, from its first draw to its verdict. */
import { memoryDatabase } from '../../adapters/memory/database.ts';
import { memoryStore } from '../../adapters/memory/store.ts';
import type { Definition } from '../../core/definition/schema.ts';
import { compilePlan } from '../../core/plan/compile.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { triggerTypes } from '../../triggers/registry.ts';
import { Ledger } from './act.ts';
import { Chance } from './chance.ts';
import { simNodeTypes } from './node-types.ts';
import type { Plant } from './process.ts';
import { simRuntime } from './runtime.ts';
import { Scenario } from './scenario.ts';
import { Witness } from './witness.ts';
import { drawWorkflows } from './workflows.ts';
import { type Life, World } from './world.ts';

export interface RunOptions {
  /** A bug planted in the store of every process. */
  readonly plant?: Plant;
  /** Keep the story: costs time. */
  readonly tells?: boolean;
}

export interface Verdict {
  readonly seed: number;
  /** The rule that is broken, and how; undefined: none is. */
  readonly fault: string | undefined;
  readonly story: readonly string[];
  readonly workflows: readonly Definition[];
  readonly counts: {
    readonly steps: number;
    readonly executions: number;
    readonly commits: number;
    readonly events: number;
    readonly effects: number;
    readonly crashes: number;
    /** Virtual, in milliseconds. */
    readonly ms: number;
  };
}

const NOBODY: Life = { name: 'world', alive: true, paused: false, hold: () => undefined };

export async function runSeed(seed: number, options: RunOptions = {}): Promise<Verdict> {
  const chance = new Chance(seed);
  const shapes = chance.fork();
  const world = new World(chance, options.tells ?? false);
  const database = memoryDatabase();
  const ledger = new Ledger(world, database);
  const types = simNodeTypes(ledger, NOBODY);
  const workflows = drawWorkflows(shapes, { nodes: types, triggers: triggerTypes });
  const plans = workflows.map((one) => compilePlan(one, { workflowId: one.name, version: 1 }, types));
  const witness = new Witness(world, database, (id) => plans.find(({ workflowId }) => workflowId === id)!);
  const store = memoryStore(simRuntime(world, NOBODY, { skew: 0 }), database);
  for (const definition of workflows) {
    const named = { id: definition.name, projectId: DEFAULT_PROJECT, definition, now: world.now };
    await store.workflows.create({ ...named, status: 'active', triggers: [] });
  }
  const ids = workflows.map(({ name }) => name);
  const scenario = new Scenario({
    world,
    database,
    ledger,
    witness,
    watch: witness,
    workflows: ids,
    plant: options.plant,
    leaseMs: chance.pick([2_000, 20_000]),
  });
  scenario.begin();
  await world.live();
  const { commits, events } = witness;
  const counts = { steps: world.steps, executions: database.executions.size, commits, events };
  const more = { effects: ledger.count, crashes: scenario.crashes, ms: world.time };
  return { seed, fault: world.fault, story: world.story, workflows, counts: { ...counts, ...more } };
}

/** What the first seed that breaks a rule says, after its number; of so many seeds, from 1 on. */
export async function findFault(seeds: number, plant?: Plant): Promise<string> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { fault } = await runSeed(seed, plant === undefined ? {} : { plant });
    if (fault !== undefined) return `${seed}: ${fault}`;
  }
  return `none of ${seeds} seeds breaks a rule`;
}
