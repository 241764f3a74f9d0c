/** The kinds of trouble in words: what each is, and what a rule for it means. */
import type { Category } from '../../../../src/core/errors.ts';

interface Words {
  readonly name: string;
  /** Goes on after "Failures of this kind:". */
  readonly about: string;
}

export const CATEGORY_WORDS: Readonly<Record<Category, Words>> = {
  timeout: { name: 'Timeout', about: 'A time limit was reached, or a target answered 408 or 504.' },
  rate_limit: { name: 'Rate limit', about: 'A target said that it is asked too often (429).' },
  connectivity: {
    name: 'Connectivity',
    about: 'A connection failed, a target answered 5xx, or a model did not answer.',
  },
  validation: { name: 'Validation', about: 'A request, a config or an output did not fit; the same fails again.' },
  auth: { name: 'Access', about: 'A target answered 401 or 403, or a secret is missing; a person mends it.' },
  bug: { name: 'Bug', about: 'Code or an expression failed, or a process died of a node.' },
  unknown: { name: 'Unknown', about: 'All else, such as an error that a workflow made itself.' },
};
