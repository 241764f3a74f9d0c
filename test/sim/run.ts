/**
 * `npm run sim -- --seeds 1000 [--from N]`: as many runs of the simulation, one per seed. `--seed N` is one run with
 * its whole story. Ends with 1 where a rule is broken, and tells how.
 */
import { parseArgs } from 'node:util';
import { runSeed } from '../../src/testing/sim/run.ts';
import { storyOf } from '../../src/testing/sim/story.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});
if (values.seed === undefined) await campaign(Number(values.from), Number(values.seeds));
else await one(Number(values.seed));

async function one(seed: number): Promise<void> {
  const verdict = await runSeed(seed, { tells: true });
  for (const line of verdict.story) console.log(line);
  console.log(`\n${storyOf({ ...verdict, story: [] })}`);
  process.exitCode = verdict.fault === undefined ? 0 : 1;
}

/** Stops after a few faults: they are mostly the same one. */
async function campaign(from: number, seeds: number): Promise<void> {
  // Of one core, whatever else the machine does.
  const began = process.cpuUsage();
  const sum = { executions: 0, events: 0, effects: 0, crashes: 0, ms: 0, steps: 0 };
  let faults = 0;
  let run = 0;
  while (run < seeds && faults < 5) {
    const { fault, counts } = await runSeed(from + run);
    run += 1;
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
    if (run % 1_000 === 0) console.log(`${run} seeds, ${faults} faults, ${perMinute(run, began)} seeds/min`);
    if (fault === undefined) continue;
    faults += 1;
    console.log(`${storyOf(await runSeed(from + run - 1, { tells: true }))}\n`);
  }
  const { executions, events, effects, crashes, ms } = sum;
  console.log(
    `${run} seeds from ${from} in ${Math.round(secondsSince(began))} s of one core (${perMinute(run, began)} a minute): ` +
      `${executions} executions, ${events} events, ${effects} effects, ${crashes} processes gone, ` +
      `${Math.round(ms / 3_600_000)} h of virtual time; ${faults} seeds with a fault`,
  );
  process.exitCode = faults === 0 ? 0 : 1;
}

/** Seeds that one core runs in a minute. */
function perMinute(run: number, began: NodeJS.CpuUsage): number {
  return Math.round((run * 60) / secondsSince(began));
}

function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000_000;
}
