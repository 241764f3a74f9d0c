/** Addresses of nodes in an execution, such as `each[3]/fetch`: what is inside of what. */

/** The container around, such as `each` of `each[3]/fetch`; null at the top. */
export function containerOf(path: string): string | null {
  const iteration = iterationOf(path);
  return iteration === null ? null : iteration.slice(0, iteration.lastIndexOf('['));
}

/** The iteration around, such as `each[3]` of `each[3]/fetch`; null at the top. */
export function iterationOf(path: string): string | null {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? null : path.slice(0, slash);
}

/** The last part: `fetch` of `each[3]/fetch`. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What stands in the brackets at the end: `3` of `each[3]`. */
export const keyOf = (iteration: string): string => iteration.slice(iteration.lastIndexOf('[') + 1, -1);

/** Everything around, from the outside: `each`, `each[3]` of `each[3]/fetch`. */
export function around(path: string): string[] {
  const steps = path.split('/');
  const found: string[] = [];
  for (let index = 0; index < steps.length - 1; index += 1) {
    const iteration = steps.slice(0, index + 1).join('/');
    found.push(iteration.slice(0, iteration.lastIndexOf('[')), iteration);
  }
  return found;
}
