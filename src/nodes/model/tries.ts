/** A name that stands for several models: each is asked where the one before fails, in one attempt of the node. */
import { type ErrorInfo, MyelinError, toErrorInfo } from '../../core/errors.ts';
import { isFree } from '../../core/free-call.ts';
import { isObject } from '../../core/json.ts';
import type { Paid } from '../../core/node-type.ts';
import type { ModelCard, Models } from '../../ports/model.ts';

/** The models behind a name, in the order in which they are asked; of most names one. */
export function cardsOf(models: Pick<Models, 'card'>, name: string): readonly ModelCard[] {
  const card = models.card(name);
  return card.tries.length === 0 ? [card] : card.tries.map((one) => models.card(one));
}

interface Try<T extends Paid> {
  readonly card: ModelCard;
  /** Nanos that it costs at most. */
  estimate(): number;
  ask(): Promise<T>;
  /** Something of its answer went out already: no other may take its place. */
  hasSpoken(): boolean;
}

/**
 * The first answer. Its cost holds what those before it have cost, at their estimates where they did not say; so does the
 * error, where none answers.
 */
export async function firstAnswer<T extends Paid>(tries: readonly Try<T>[], signal: AbortSignal): Promise<T> {
  let lost = 0;
  for (const [index, { card, estimate, ask, hasSpoken }] of tries.entries()) {
    try {
      const answer = await ask();
      return lost === 0 ? answer : { ...answer, cost: answer.cost + lost };
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const cost = lost + costOf(toErrorInfo(thrown), estimate());
      if (index === tries.length - 1 || hasSpoken()) throw lost === 0 ? thrown : withCost(thrown, card.name, cost);
      lost = cost;
    }
  }
  throw new MyelinError('model_not_found');
}

const paidOf = ({ data }: ErrorInfo): Paid | undefined =>
  isObject(data) && isObject(data.paid) ? (data.paid as unknown as Paid) : undefined;

function costOf(error: ErrorInfo, estimate: number): number {
  return paidOf(error)?.cost ?? (isFree(error) ? 0 : estimate);
}

function withCost(thrown: unknown, model: string, cost: number): MyelinError {
  const { code, message, data } = thrown instanceof MyelinError ? thrown : new MyelinError('model_failed');
  const known = isObject(data) ? data : {};
  const usage = isObject(known.usage) ? known.usage : { inputTokens: 0, outputTokens: 0 };
  return new MyelinError(code, message, { ...known, paid: { model, usage, cost } }, thrown);
}
