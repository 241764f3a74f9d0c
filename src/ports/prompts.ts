/** Prompts of a project by name. A version never changes; one of them is active. */

export interface PromptStore {
  /** The active version where none is named. */
  get(projectId: string, name: string, version?: number): Promise<Prompt | undefined>;
  /** The active version of each, by name, those after the name `after`. */
  list(projectId: string, page: { readonly after?: string; readonly limit: number }): Promise<Prompt[]>;
  /** A new version, which becomes active. Its number was never given before, not even to one that was deleted. */
  save(prompt: NewPrompt): Promise<Prompt>;
  /** Undefined where there is no such version. */
  activate(projectId: string, name: string, version: number): Promise<Prompt | undefined>;
  /** Newest first. */
  versions(projectId: string, name: string, limit: number): Promise<PromptVersion[]>;
  /** With all versions; false: there was none. */
  delete(projectId: string, name: string): Promise<boolean>;
}

export interface NewPrompt {
  readonly projectId: string;
  readonly name: string;
  /** A template; see core/prompt.ts. */
  readonly text: string;
  readonly note: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface PromptVersion {
  readonly version: number;
  readonly note: string | null;
  readonly createdAt: number;
}

export interface Prompt extends NewPrompt, PromptVersion {
  /** Number of the active version. */
  readonly active: number;
}
