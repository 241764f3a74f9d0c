/** What a node does when its turn comes. Each function proposes events through `Draft`; none does I/O. */
import { type ErrorInfo, MyelinError, toErrorInfo } from '../errors.ts';
import { isObject } from '../json.ts';
import {
  type Await,
  type Director,
  directorOf,
  type Heard,
  type Instruction,
  type Iteration,
  isContainer,
  isStep,
  type StepInput,
  type StepNode,
} from '../node-type.ts';
import { reservationOf } from './charge.ts';
import { DEEPEST, tooDeep } from './depth.ts';
import type { Draft } from './draft.ts';
import { ConditionEnv, knownOf, NodeEnv } from './node-env.ts';
import { isPinned, pinnedEnd } from './pins.ts';
import { resolveConfig } from './resolve-config.ts';
import type { NodeRef, Run } from './state.ts';
import { earlyCallback, nodeState, pathOf } from './state.ts';
import { isSuppressed, SUPPRESSED, suppressedOutput } from './suppress.ts';
import { mayUndo } from './undo.ts';

export function step(draft: Draft, ref: NodeRef): void {
  const at = nodeState(ref);
  if (at.run !== null && at.status === 'running') return goRound(draft, ref, at.run);
  if (at.status !== 'ready') return;
  if (isPinned(draft.state, ref)) return draft.emit('node.skipped', pinnedEnd(draft.state, ref));
  const { type } = ref.node;
  try {
    if (isSuppressed(draft.state, ref)) return skipSuppressed(draft, ref);
    if (!isStep(type) && !isContainer(type)) return begin(draft, ref);
    const input = inputFor(draft, ref);
    const config = resolveConfig(ref.node, input.env);
    if (isStep(type)) follow(draft, ref, type.step(config, input), input.json);
    else open(draft, ref, type.open(config, input));
  } catch (thrown) {
    fail(draft, ref, placed(ref, toErrorInfo(thrown)));
  }
}

function skipSuppressed(draft: Draft, ref: NodeRef): void {
  const output = suppressedOutput(draft.state, ref, draft.now);
  draft.emit('node.skipped', { path: pathOf(ref), port: ref.node.mainPort, output, reason: SUPPRESSED });
}

function begin(draft: Draft, ref: NodeRef): void {
  const { attempt: before, doubtful } = nodeState(ref);
  const attempt = before + 1;
  if (doubtful) return draft.emit('node.started', { path: pathOf(ref), attempt, reconcile: true });
  const reservation = reservationOf(draft.state, ref, draft.now);
  draft.emit('node.started', { path: pathOf(ref), attempt, ...(reservation && { charge: reservation }) });
}

/** What a step sees. */
export function inputFor(draft: Draft, ref: NodeRef): StepInput {
  const env = new NodeEnv(draft.state, ref, draft.now);
  return { json: env.$json, now: draft.now, env, projectId: draft.state.projectId };
}

/** What the type of a waiting node makes of what came; only a step that hears can have begun to wait. */
export function hear({ node }: NodeRef, details: unknown, heard: Heard, input: StepInput): Instruction {
  return (node.type as StepNode).hear!(details, heard, input);
}

/** `waitId` of a node that waits already, and may wait on. */
export function follow(draft: Draft, ref: NodeRef, instruction: Instruction, json: unknown, waitId?: string): void {
  const path = pathOf(ref);
  const done = (output: unknown, port = ref.node.mainPort) =>
    draft.emit('node.completed', { path, port, output: output ?? null });
  switch (instruction.do) {
    case 'complete':
      return done(instruction.output, instruction.port);
    case 'fail':
      return fail(draft, ref, instruction.error);
    case 'sleep':
      return draft.emit('node.waiting', { path, for: { timerId: draft.id(), until: instruction.until } });
    case 'await': {
      const early = instruction.kind === 'callback' ? earlyCallback(draft.state, ref.node.id) : undefined;
      if (early === undefined) return askOutside(draft, ref, instruction, waitId);
      const heard = { answer: early.answer };
      draft.emit('node.signaled', { path, heard });
      return follow(draft, ref, hear(ref, instruction.details, heard, inputFor(draft, ref)), json);
    }
    case 'respond':
      draft.emit('response.sent', { path, response: instruction.response });
      return done(json);
    case 'emit': {
      if (draft.state.depth >= DEEPEST) throw tooDeep();
      const id = draft.id();
      draft.emit('message.emitted', { path, id, message: instruction.message });
      return done({ id });
    }
    case 'call': {
      const child = { executionId: draft.id(), workflow: instruction.workflow, input: instruction.input ?? null };
      if (instruction.wait) return draft.emit('node.waiting', { path, for: child });
      const output = { executionId: child.executionId };
      return draft.emit('node.completed', { path, port: ref.node.mainPort, output, child });
    }
  }
}

function askOutside(draft: Draft, ref: NodeRef, { kind, details, timers }: Await, waitId = draft.id()): void {
  const named = timers.map(({ name, at }) => ({ timerId: draft.id(), name, at }));
  // Whoever delivers events reads it, and must not store what the execution may not hold.
  const masks = kind === 'event' && draft.state.plan.mask !== null && isObject(details);
  const shown = masks ? { ...details, masks } : details;
  draft.emit('node.waiting', { path: pathOf(ref), for: { waitId, kind, details: shown, timers: named } });
}

function open(draft: Draft, ref: NodeRef, iteration: Iteration): void {
  const total = iteration.items?.length ?? iteration.total ?? 0;
  if (total > iteration.max) throw tooMany(iteration.max);
  draft.emit('container.opened', { path: pathOf(ref), iteration });
}

function tooMany(max: number): MyelinError {
  return new MyelinError('limit_exceeded', `More than ${max} iterations; raise \`max\` if that is meant.`);
}

/** Starts the next iterations of a container, or ends it. */
function goRound(draft: Draft, ref: NodeRef, run: Run): void {
  const path = pathOf(ref);
  if (run.error !== null) return failContainer(draft, ref, run.error);
  const director = directorOf(ref.node.type);
  try {
    if (director !== undefined) return takeTurns(draft, ref, run, director);
    while (run.active < run.iteration.limit && !draft.full && run.error === null && hasNext(draft, ref, run)) {
      draft.emit('iteration.started', { path, index: run.next });
    }
    if (draft.full && run.active < run.iteration.limit) return draft.again(ref);
    if (run.active > 0 || nodeState(ref).run !== run) return;
    draft.emit('node.completed', { path, port: ref.node.mainPort, output: resultOf(run) });
  } catch (thrown) {
    fail(draft, ref, placed(ref, toErrorInfo(thrown)));
  }
}

/** A round of turns begins together, when all before have ended. */
function takeTurns(draft: Draft, ref: NodeRef, run: Run, director: Director): void {
  if (run.active > 0) return;
  const path = pathOf(ref);
  const direction = director.direct(knownOf(draft.state, ref, draft.now));
  if (direction.do === 'fail') return fail(draft, ref, placed(ref, direction.error));
  if (direction.do === 'complete') {
    const { output, port = ref.node.mainPort } = direction;
    return draft.emit('node.completed', { path, port, output });
  }
  if (run.next + direction.choices.length > run.iteration.max) throw tooMany(run.iteration.max);
  for (const choice of direction.choices) draft.emit('iteration.started', { path, index: run.next, choice });
}

/** A saga undoes first what was done inside of it. */
function failContainer(draft: Draft, ref: NodeRef, error: ErrorInfo): void {
  const { type } = ref.node;
  const isSaga = isContainer(type) && type.undoes === true;
  // Its turn came again with a replay; it leaves when everything is undone.
  if (draft.state.unwinding.some((one) => one.scope === ref.scope && one.node === ref.node)) return;
  if (isSaga && error.code !== 'in_doubt' && mayUndo(draft.state, ref))
    return draft.emit('saga.compensating', { path: pathOf(ref), error });
  fail(draft, ref, error);
}

function hasNext(draft: Draft, ref: NodeRef, run: Run): boolean {
  const { iteration } = run;
  const total = iteration.items?.length ?? iteration.total;
  if (total !== undefined) return run.next < total;
  if (!ref.node.condition!.evaluate(new ConditionEnv(draft.state, ref, draft.now))) return false;
  if (run.next >= iteration.max) throw tooMany(iteration.max);
  return true;
}

/** Results in order, those of skipped iterations left out; by name where the iterations are branches, or the only one. */
function resultOf(run: Run): unknown {
  const { branches } = run.iteration;
  if (run.iteration.single) return run.results[0];
  if (branches === undefined) return run.results.filter(() => true);
  return Object.fromEntries(branches.map((name, index) => [name, run.results[index] ?? null]));
}

/**
 * The node failed for good: its `onError` decides where it goes on. Not where something is in doubt: nobody knows what
 * happened, and only a person can find out.
 */
export function fail(draft: Draft, ref: NodeRef, error: ErrorInfo): void {
  const { onError, mainPort } = ref.node;
  const port = onError === 'fail' || error.code === 'in_doubt' ? null : onError === 'branch' ? 'error' : mainPort;
  draft.emit('node.failed', { path: pathOf(ref), error, port });
}

/** The error with the address of its node in front. */
export function placed(ref: NodeRef, error: ErrorInfo): ErrorInfo {
  return { ...error, message: `${pathOf(ref)}: ${error.message}` };
}
