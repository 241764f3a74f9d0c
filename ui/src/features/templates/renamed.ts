/** A document by another name; its remarks stay. Its webhooks get paths of their own, so that it can be activated. */
import { endOf } from '../../components/free-name.ts';
import type { Definition } from '../../graph/document.ts';

export function renamed(yaml: string, { name: before, triggers = [] }: Definition, name: string): string {
  const text = yaml.replace(/^name:.*$/m, `name: ${name}`);
  if (name === before) return text;
  const end = endOf(before, name);
  const paths = triggers.flatMap(({ type, path }) => (type === 'webhook' && typeof path === 'string' ? [path] : []));
  return paths.reduce((whole, path) => whole.replace(pathOf(path), `$1${path}${end}$2`), text);
}

/** Where it stands as the path of a trigger, with what is before and after it. */
const pathOf = (path: string): RegExp =>
  new RegExp(`(\\bpath:\\s*['"]?)${path.replace(/[^\w]/g, '\\$&')}(['"]?\\s*(?:[,}#]|$))`, 'm');
