/** Commands such as `keys create` take an action as their first word; each has a table of its own. */
import { usage } from './exit.ts';

/** Throws a usage error that names those there are. */
export function actionOf<T>(actions: Readonly<Record<string, T>>, word: string): T {
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined) return action;
  throw usage(`There is no action ${word}; take one of ${Object.keys(actions).join(', ')}.`);
}
