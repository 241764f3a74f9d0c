/** Options by which commands choose dead letters. */
import { type Command, InvalidArgumentError } from 'commander';
import { LETTER_STATUSES, type LetterStatus } from '../core/dead-letter.ts';
import { CATEGORIES, type Category } from '../core/errors.ts';
import { usage } from './exit.ts';

export interface LetterOptions {
  readonly status?: LetterStatus;
  readonly category?: Category;
  readonly workflow?: string;
  readonly fingerprint?: string;
}

export function addLetterOptions(command: Command): Command {
  return command
    .option('-s, --status <status>', LETTER_STATUSES.join(', '), oneOf(LETTER_STATUSES))
    .option('-c, --category <category>', CATEGORIES.join(', '), oneOf(CATEGORIES))
    .option('-w, --workflow <workflow>', 'name or id')
    .option('-f, --fingerprint <fingerprint>', 'of one group; see `dead-letters --groups`');
}

const oneOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T => {
    const word = words.find((one) => one.toLowerCase() === text.toLowerCase());
    if (word === undefined) throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`);
    return word;
  };

export const filterOf = ({ status, category, workflow, fingerprint }: LetterOptions) => ({
  ...(status && { status }),
  ...(category && { category }),
  ...(workflow && { workflow }),
  ...(fingerprint && { fingerprint }),
});

/** Of a command that changes one letter, or all that fit: what it changes must be said. */
export function chosen(id: string | undefined, options: LetterOptions & { readonly all?: boolean }): void {
  const isFiltered = Object.keys(filterOf(options)).length > 0;
  if (id !== undefined && (isFiltered || options.all)) throw usage('Name an id or a filter, not both.');
  if (id === undefined && !isFiltered && !options.all)
    throw usage('Name an id, or a filter such as --category, or --all.');
}
