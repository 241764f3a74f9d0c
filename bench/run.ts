/**
 * The benchmark: `npm run bench -- [--only a,b,…] [--seconds N] [--repeats N] [--profile FOLDER]`. Each scenario has a
 * fresh server on an embedded PostgreSQL with fsync on, and is driven over HTTP. It prints a table; a whole run is
 * kept in bench/results. With --profile the server of each scenario writes a CPU profile, which costs it some speed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatSection, isMet, type Section } from './figure.ts';
import { type Floors, measureFloors } from './floors.ts';
import { describeMachine } from './machine.ts';
import { describeProfile } from './profile.ts';
import type { BenchOptions, Scenario } from './scenario.ts';
import { pure } from './scenarios/a-pure.ts';
import { effects } from './scenarios/b-effects.ts';
import { accepted } from './scenarios/c-accepted.ts';
import { nodes } from './scenarios/d-nodes.ts';
import { stored } from './scenarios/e-stored.ts';
import { expressions } from './scenarios/expressions.ts';
import { recovery } from './scenarios/f-recovery.ts';
import { agents } from './scenarios/g-agents.ts';
import { bus } from './scenarios/h-bus.ts';
import { kafka } from './scenarios/i-kafka.ts';
import { idle } from './scenarios/idle.ts';

const SCENARIOS: readonly Scenario[] = [
  idle,
  expressions,
  pure,
  effects,
  accepted,
  nodes,
  stored,
  recovery,
  agents,
  bus,
  kafka,
];
/** Those that the floors stand beside. */
const WITH_FLOORS = [pure, effects, accepted];
const RESULTS = fileURLToPath(new URL('results/', import.meta.url));
/** Above this something else is at work on the machine. */
const CALM = 1;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    repeats: { type: 'string', default: '3' },
    profile: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

const chosen = choose(values.only);
const options: BenchOptions = {
  seconds: Number(values.seconds),
  repeats: Number(values.repeats),
  profile: values.profile,
};
if (!(options.seconds > 0 && options.repeats >= 1)) throw new Error('--seconds and --repeats take numbers above 0');

const ready = chosen.filter(isReady);
const machine = describeMachine();
const loadBefore = loadavg()[0]!;
console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memory} GiB, ${machine.kernel}, Node ${machine.node}`);
console.log(`Load generator, server and PostgreSQL share it. Load average before: ${loadBefore.toFixed(2)}\n`);
if (loadBefore > CALM) console.log('Something else is at work on this machine: the figures will be too low.\n');

const begun = performance.now();
const sections: Section[] = [];
const show = (section: Section): void => {
  sections.push(section);
  console.log(formatSection(section));
};
const floors = await floorsOf();
for (const scenario of ready) {
  show(await scenario.run(options, floors));
  if (options.profile !== undefined && scenario !== expressions) {
    console.log(describeProfile(join(options.profile, scenario.id)));
  }
}
finish();

function choose(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  const ids = only.split(',');
  const unknown = ids.filter((id) => !SCENARIOS.some((scenario) => scenario.id === id));
  if (unknown.length > 0) {
    throw new Error(`--only takes ${SCENARIOS.map((one) => one.id).join(', ')}; not ${unknown.join(', ')}`);
  }
  return SCENARIOS.filter((scenario) => ids.includes(scenario.id));
}

/** What was asked for by its name is not left out. */
function isReady(scenario: Scenario): boolean {
  const missing = scenario.missing?.();
  if (missing === undefined) return true;
  if (values.only !== undefined) throw new Error(missing);
  console.log(`left out: ${scenario.id}: ${missing}`);
  return false;
}

async function floorsOf(): Promise<Floors | undefined> {
  if (!chosen.some((scenario) => WITH_FLOORS.includes(scenario))) return undefined;
  const { floors, section } = await measureFloors(options);
  show(section);
  return floors;
}

function finish(): void {
  const missed = sections.flatMap((section) =>
    section.figures.filter((one) => !isMet(one)).map((one) => [section, one]),
  );
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(
    missed.length === 0 ? `All targets met, in ${seconds} s.` : `${missed.length} targets missed, in ${seconds} s.`,
  );
  if ((values.only !== undefined && !values.keep) || options.profile !== undefined) {
    console.log('Not kept: a part is with --keep, and nothing that was profiled.');
    return;
  }
  const commit = git('rev-parse', '--short', 'HEAD');
  const changed = git('status', '--porcelain', '--', 'src', 'bin', 'package-lock.json') !== '';
  const parts = values.only === undefined ? '' : `-${chosen.map(({ id }) => id).join('-')}`;
  const file = join(RESULTS, `${machine.date.slice(0, 10)}-${commit}${parts}.json`);
  mkdirSync(RESULTS, { recursive: true });
  const record = { machine, commit, changed, loadBefore, options, sections };
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`Kept in ${file}`);
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: RESULTS, encoding: 'utf8' }).trim();
}
