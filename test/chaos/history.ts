/**
 * The checker of histories: what must hold at the end of every campaign (I1 to I5, I7 of the faults), as a list of all
 * that does not. It reads what any caller may read.
 */
import type { Callers, Target } from './callers.ts';
import type { Sink } from './sink.ts';
import type { Expected } from './workflows.ts';

interface Event {
  readonly seq: number;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: data of events of every type
  readonly data: any;
}

interface Found {
  readonly id: string;
  readonly workflowName: string;
  readonly status: string;
}

/** Histories read at the same time. */
const READERS = 8;

/** Who began the executions; anything that has no callers of webhooks can say the same. */
type Begun = Pick<Callers, 'acknowledged' | 'faults' | 'canceled'>;
type Seen = Pick<Sink, 'calls' | 'paths'>;

export async function findFaults(target: Target, callers: Begun, sink: Seen): Promise<string[]> {
  const faults = [...callers.faults];
  const acknowledged = [...callers.acknowledged.values()];
  const byId = new Map(acknowledged.map((one) => [one.executionId, one]));
  if (byId.size !== acknowledged.length) faults.push('two keys share an execution');
  const all = await everyExecution(target);
  const statuses = new Map(all.map((one) => [one.id, one.status]));
  for (const id of byId.keys()) if (!statuses.has(id)) faults.push(`${id} was acknowledged and is not there`);
  for (const { id } of all) if (!byId.has(id)) faults.push(`${id} is there and was never acknowledged`);
  for (const id of callers.canceled) {
    if (statuses.get(id) !== 'canceled') faults.push(`${id} was seen canceled and is ${statuses.get(id)}`);
  }
  /** Attempts recorded, by idempotency key. */
  const allowed = new Map<string, number>();
  const left = [...byId.values()];
  const read = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const { executionId: id, workflow, n } = one;
      const events = await historyOf(target, id);
      const wrong = [
        ...historyFaults(id, events, allowed),
        ...endFaults(events, statuses.get(id), workflow.expected(n)),
        ...undoFaults(id, events, sink),
      ];
      faults.push(...wrong.map((fault) => `${workflow.name} ${id}: ${fault}`));
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  for (const [key, count] of sink.calls) {
    const attempts = allowed.get(key) ?? 0;
    if (count > attempts) faults.push(`${key} was called ${count} times in ${attempts} recorded attempts`);
  }
  return faults;
}

export async function everyExecution(target: Target): Promise<Found[]> {
  const found: Found[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await target.call('GET', `/api/executions?limit=200${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items);
    if (!body.nextCursor) return found;
    cursor = encodeURIComponent(body.nextCursor);
  }
}

export async function historyOf(target: Target, id: string): Promise<Event[]> {
  const { body } = await target.call('GET', `/api/executions/${id}/events?limit=1000`);
  return body.items;
}

/** Of any history: no gap, no node that finished begins again or finishes twice, one end. */
function historyFaults(id: string, events: readonly Event[], allowed: Map<string, number>): string[] {
  const faults: string[] = [];
  const finished = new Set<string>();
  for (const [index, { seq, type, data }] of events.entries()) {
    if (seq !== index + 1) faults.push(`event ${index + 1} has the number ${seq}`);
    if (type === 'node.started') {
      if (finished.has(data.path)) faults.push(`${data.path} finished and ran again`);
      const key = `${id}/${data.path}`;
      const before = allowed.get(key) ?? 0;
      if (data.attempt !== before + 1) faults.push(`attempt ${data.attempt} of ${data.path} comes after ${before}`);
      allowed.set(key, before + 1);
    }
    if (type !== 'node.completed') continue;
    if (finished.has(data.path)) faults.push(`${data.path} finished twice`);
    finished.add(data.path);
  }
  const ends = events.filter(({ type }) => ENDS.has(type));
  if (ends.length !== 1) faults.push(`it has ${ends.length} ends`);
  else if (events.at(-1) !== ends[0]) faults.push(`it goes on after its end with ${events.at(-1)?.type}`);
  return faults;
}

const ENDS = new Set([
  'execution.completed',
  'execution.failed',
  'execution.canceled',
  'execution.compensated',
  'execution.compensation_failed',
]);

/** It ended in one of the ways that its workflow may. */
function endFaults(events: readonly Event[], status: string | undefined, expected: readonly Expected[]): string[] {
  const finished = events.filter(({ type }) => type === 'node.completed').map(({ data }) => data.path as string);
  const undone = events.filter(({ type }) => type === 'node.compensating').map(({ data }) => data.path as string);
  const seen = [status, [...finished].sort().join(), undone.join()].join(' | ');
  const fits = expected.map((one) =>
    [one.status, [...one.finished].sort().join(), (one.undone ?? []).join()].join(' | '),
  );
  return fits.includes(seen) ? [] : [`it ended as ${seen}`];
}

/**
 * I7: what was done is undone in reverse, in the history and at the sink. There the first call by each key counts: a
 * worker that was paused may repeat its own call later, with the key that tells the target.
 */
function undoFaults(id: string, events: readonly Event[], sink: Seen): string[] {
  const undoings = events.filter(({ type }) => type === 'node.compensating').map(({ data }) => data);
  if (undoings.length === 0) return [];
  const faults: string[] = [];
  const endOf = (path: string) => events.findIndex(({ type, data }) => type === 'node.completed' && data.path === path);
  const ends = undoings.map(({ of }) => endOf(of));
  if (ends.some((end, index) => end === -1 || end > (ends[index - 1] ?? Number.POSITIVE_INFINITY))) {
    faults.push(`undone in the wrong order: ${undoings.map(({ of }) => of).join()}`);
  }
  const wanted = [...undoings.map(({ of }) => of).reverse(), ...undoings.map(({ path }) => path)];
  const paths = (sink.paths.get(id) ?? []).filter((path) => wanted.includes(path));
  if (paths.join() !== wanted.join()) faults.push(`the sink was called for ${paths.join()}, not ${wanted.join()}`);
  return faults;
}
