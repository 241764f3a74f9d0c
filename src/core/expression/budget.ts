/**
 * What one evaluation may cost. The budget is one module-level counter: evaluation is synchronous, so no two
 * share it, and a counter in a closure would cost more than the step it counts. An expression without calls is
 * bounded by its length, so only calls, callbacks and what they walk over are charged.
 */
import type { ErrorCode } from '../errors.ts';

/** Steps of one evaluation. */
const MAX_STEPS = 100_000;
/** Characters of a text made by an expression. */
export const MAX_TEXT = 1_048_576;
/** Elements of an array made by an expression. */
export const MAX_ITEMS = 100_000;
/** Weight of a result: its characters, and `NODE_WEIGHT` for each value in it. */
export const MAX_RESULT = 16_777_216;
export const NODE_WEIGHT = 16;
/** Characters of the source of an expression. */
export const MAX_SOURCE = 10_000;
/** Levels of nesting, of a source and of a value. */
export const MAX_DEPTH = 100;

/** Why an evaluation stops. `Expression.evaluate` turns it into a MyelinError that names the expression. */
export class Refusal extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Ends the evaluation with `expression_failed`. Reasons name types and never values, which may be secret. */
export function fail(reason: string): never {
  throw new Refusal('expression_failed', reason);
}

let left = 0;

export function resetBudget(): void {
  left = MAX_STEPS;
}

/** Throws `expression_limit` when the budget is spent. */
export function charge(steps: number): void {
  left -= steps;
  if (left < 0) throw new Refusal('expression_limit', `it took more than ${MAX_STEPS} steps`);
}

/** For work that grows with a text: 256 characters a step. */
export function chargeText(length: number): void {
  charge(1 + (length >> 8));
}

/** For work that grows with an array but calls nothing: 16 elements a step. */
export function chargeItems(length: number): void {
  charge(1 + (length >> 4));
}

/** To be asked before a text of this length is made; charges for making it. */
export function checkText(length: number): void {
  if (length > MAX_TEXT) throw new Refusal('expression_limit', `it made a text of more than ${MAX_TEXT} characters`);
  charge(length >> 8);
}

/** To be asked before an array of this length is made; charges for making it. */
export function checkItems(length: number): void {
  boundItems(length);
  charge(length >> 4);
}

/** To be asked before an array grows to this length, where its elements are charged one by one. */
export function boundItems(length: number): void {
  if (length > MAX_ITEMS) throw new Refusal('expression_limit', `it made an array of more than ${MAX_ITEMS} elements`);
}

export function tooDeep(): never {
  throw new Refusal('expression_limit', `it met a value nested more than ${MAX_DEPTH} levels deep`);
}

/** `text` with `part` at its end, if that is not too long. */
export function append(text: string, part: string): string {
  if (text.length + part.length > MAX_TEXT) checkText(text.length + part.length);
  return text + part;
}
