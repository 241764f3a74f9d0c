/** Patterns of message types: `order.created`, `order.*` and all below it, `*.failed` with one word before, `*` for all. */

/** What a pattern may be: a message type with `*` for whole words. */
export const MESSAGE_PATTERN = /^(?:\*|[A-Za-z0-9_][A-Za-z0-9_:/-]*)(?:\.(?:\*|[A-Za-z0-9_:/-]+))*$/;

/** The same as a regular expression, for whoever must look without a program of ours. */
export function patternRegex(pattern: string): string {
  const words = pattern.split('.').map((word) => (word === '*' ? '[^.]+' : word));
  return `^${words.join('\\.')}${pattern.endsWith('*') ? '(\\.[^.]+)*' : ''}$`;
}

/** A `*` stands for one word; at the end for one or more. */
export function fitsPattern(pattern: string, type: string): boolean {
  if (!pattern.includes('*')) return pattern === type;
  const wanted = pattern.split('.');
  const words = type.split('.');
  const isOpen = wanted.at(-1) === '*';
  if (isOpen ? words.length < wanted.length : words.length !== wanted.length) return false;
  return wanted.every((word, at) => word === '*' || word === words[at]);
}
