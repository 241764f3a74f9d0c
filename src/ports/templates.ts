/** Documents to begin with, which come with the program. */
import type { Definition } from '../core/definition/schema.ts';

export interface Template {
  readonly definition: Definition;
  /** As it was written, with its remarks. */
  readonly yaml: string;
}
