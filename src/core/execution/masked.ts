/**
 * Masking where content from outside comes in, before anything is decided of it: the trigger, results and errors of
 * tasks and children, answers, callbacks, what a person gives for a node. So history and state hold the same, and a
 * replay finds what was decided. What a workflow itself writes or puts together is not looked at.
 */
import type { ErrorInfo } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Mask } from '../masking/mask.ts';
import type { Command, Outcome } from './command.ts';
import type { ExecutionState } from './state.ts';

/** The command itself where its workflow masks nothing. */
export function masked(state: Pick<ExecutionState, 'plan' | 'waits'>, command: Command): Command {
  const { mask } = state.plan;
  if (mask === null) return command;
  switch (command.type) {
    case 'create':
      return {
        ...command,
        trigger: mask.value(command.trigger),
        ...(command.test && { test: { ...command.test, pins: mask.value(command.test.pins) } }),
      };
    case 'gather':
      return { ...command, triggers: mask.value(command.triggers) };
    case 'task-completed': {
      const { result } = command;
      return { ...command, result: { ...result, output: mask.value(result.output) } };
    }
    case 'task-failed':
      return { ...command, error: maskError(mask, command.error) };
    case 'child-ended':
      return { ...command, outcome: maskOutcome(mask, command.outcome) };
    case 'answer': {
      const isApproval = state.waits.get(command.waitId)?.reason === 'approval';
      return { ...command, answer: isApproval ? maskDecision(mask, command.answer) : mask.value(command.answer) };
    }
    case 'callback':
      return { ...command, answer: mask.value(command.answer) };
    case 'skip':
      return { ...command, output: mask.value(command.output), reason: mask.text(command.reason) };
    case 'cancel':
    case 'retry':
    case 'pause':
    case 'resume':
      return { ...command, reason: mask.text(command.reason) };
    case 'advance':
    case 'timer':
    case 'recover':
      return command;
  }
}

/** Code and kind are words of ours, and decide what happens next: they stay. */
function maskError(mask: Mask, error: ErrorInfo): ErrorInfo {
  const { code, kind, ...rest } = error;
  return { code, kind, ...mask.value(rest) };
}

function maskOutcome(mask: Mask, outcome: Outcome): Outcome {
  const { output, error } = outcome;
  return {
    ...outcome,
    ...(output === undefined ? {} : { output: mask.value(output) }),
    ...(error === undefined ? {} : { error: maskError(mask, error) }),
  };
}

/** Who decides, and who is asked instead, stays: it is what an approval must prove later (rule R16). */
export function maskDecision(mask: Mask, answer: unknown): unknown {
  if (!isObject(answer)) return mask.value(answer);
  const people = ['by', 'as', 'delegate'].filter((key) => key in answer).map((key) => [key, answer[key]]);
  return { ...mask.value(answer), ...Object.fromEntries(people) };
}
