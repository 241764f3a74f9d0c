import type { ModelAnswer, ModelRequest } from '../../ports/model.ts';

/** One source of models: the part of a name before the colon. */
export interface ModelProvider {
  /**
   * `model` is the part of the name after the colon, `request.model` the name that was asked for. Throws the errors of
   * the port, and the signal's reason once it aborts; anything else it throws becomes `model_failed`.
   */
  generate(model: string, request: ModelRequest): Promise<ModelAnswer>;
  /** Absent: it keeps no answers. */
  retrieve?(model: string, responseId: string, signal: AbortSignal): Promise<ModelAnswer | null>;
}

/** The content of a blob of the project; undefined: there is none of this hash. */
export type ReadBlob = (projectId: string, hash: string) => Promise<{ readonly bytes: Uint8Array } | undefined>;
