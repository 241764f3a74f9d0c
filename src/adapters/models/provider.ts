import type { ModelAnswer, ModelRequest } from '../../ports/model.ts';

/** One source of models: the part of a name before the colon. */
export interface ModelProvider {
  /**
   * `request.model` is the part of the name after the colon. Throws `model_not_found`, `model_failed`, `rate_limited`
   * or `timeout`, and the signal's reason once it aborts; anything else it throws becomes `model_failed`.
   */
  generate(request: ModelRequest): Promise<ModelAnswer>;
}
