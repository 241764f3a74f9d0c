/** A prompt with all its versions. */
import type { NewPrompt, PromptVersion } from '../../ports/prompts.ts';

export interface PromptRecord {
  readonly latest: number;
  /** Null: it was deleted. */
  readonly active: number | null;
  /** Newest first. */
  readonly versions: readonly (NewPrompt & PromptVersion)[];
}
