/** What must hold when a campaign with a broker is over: each message one execution, each execution a message heard. */
import type { Acknowledged, Target } from './callers.ts';
import { everyExecution, findFaults, historyOf } from './history.ts';
import type { Load } from './load.ts';
import type { Sink } from './sink.ts';
import type { ChaosWorkflow } from './workflows.ts';

/** Takes messages, calls the world and writes one. */
export const TAKE = 'take';
/** Hears what is written, and calls the world. */
export const NOTE = 'note';

export interface Verdict {
  /** Messages that the broker said it has, and those of which it said nothing before it went down. */
  readonly acknowledged: number;
  readonly unanswered: number;
  /** Of the latter, those that it had. */
  readonly unansweredTaken: number;
  readonly executions: number;
  /** Calls of the world, and the keys they came with. */
  readonly effects: number;
  readonly keys: number;
  /** Messages that a task wrote again, as its process or the broker died before its result was known. */
  readonly writtenTwice: number;
  readonly faults: readonly string[];
}

/** What a workflow was called for, with the executions that did: the world is called at `/WORKFLOW/ID`. */
export function callsOf(sink: Pick<Sink, 'targets'>, workflow: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, target] of sink.targets) {
    const [, at, id = ''] = target.split('/');
    if (at === workflow) found.set(id, [...(found.get(id) ?? []), key.slice(0, key.indexOf('/'))]);
  }
  return found;
}

/** What was sent. */
type Sent = Pick<Load, 'acknowledged' | 'unanswered'>;
type Seen = Pick<Sink, 'calls' | 'paths' | 'targets'>;

export async function judge(target: Target, sink: Seen, load: Sent): Promise<Verdict> {
  const executions = await everyExecution(target);
  const begun = executions.map(({ id, workflowName }, n): [string, Acknowledged] => {
    return [id, { executionId: id, workflow: workflowName === TAKE ? TAKEN : NOTED, n }];
  });
  const histories = { acknowledged: new Map(begun), faults: [], canceled: new Set<string>() };
  const taken = callsOf(sink, TAKE);
  const noted = callsOf(sink, NOTE);
  const twice = [...noted].filter(([, by]) => by.length > 1);
  const { body: letters } = await target.call('GET', '/api/dead-letters');
  const faults = [
    ...(await findFaults(target, histories, sink)),
    ...messageFaults(load, taken),
    ...[...taken.values()].flat().flatMap((id) => (noted.has(id) ? [] : [`nobody heard of ${id}`])),
    ...(await Promise.all(twice.map(([id, by]) => repeatFaults(target, id, by.length)))).flat(),
    ...letters.items.map((letter: object) => `a dead letter: ${JSON.stringify(letter)}`),
  ];
  const calls = [...sink.calls.values()];
  return {
    acknowledged: load.acknowledged.size,
    unanswered: load.unanswered.size,
    unansweredTaken: [...load.unanswered].filter((id) => taken.has(id)).length,
    executions: executions.length,
    effects: calls.reduce((sum, one) => sum + one, 0),
    keys: calls.length,
    writtenTwice: twice.length,
    faults,
  };
}

/** Of what was acknowledged one execution each; of what was not, one or none. */
function messageFaults(load: Sent, taken: ReadonlyMap<string, readonly string[]>): string[] {
  const lost = [...load.acknowledged].filter((id) => !taken.has(id)).map((id) => `${id} was acknowledged and is lost`);
  const odd = [...taken].flatMap(([id, by]) => [
    ...(by.length === 1 ? [] : [`${id} started ${by.length} executions`]),
    ...(load.acknowledged.has(id) || load.unanswered.has(id) ? [] : [`${id} was never sent`]),
  ]);
  return [...lost, ...odd];
}

/** A message is written again only by another attempt. */
async function repeatFaults(target: Target, id: string, times: number): Promise<string[]> {
  const starts = (await historyOf(target, id)).filter(
    ({ type, data }) => type === 'node.started' && data.path === 'tell',
  );
  return times > starts.length ? [`${id} wrote ${times} messages in ${starts.length} attempts`] : [];
}

const TAKEN = chain(TAKE, ['call', 'tell']);
const NOTED = chain(NOTE, ['call']);

function chain(name: string, finished: readonly string[]): ChaosWorkflow {
  return { name, document: () => ({}), expected: () => [{ status: 'completed', finished }] };
}
