/** Holds source files against the tables of `law.ts`; every fault is one line: where, what, why. */
import {
  FORBIDDEN_NAMES,
  FORBIDDEN_PACKAGES,
  MAX_LINES,
  MAX_TEST_LINES,
  PAGE_ROOMS,
  PAGES_SHARE,
  PLACES,
  type PlaceLaw,
  ROOMS,
  STARTS,
  type StartLaw,
  TEST_ROOMS,
  UNFINISHED,
} from './law.ts';
import type { Import, SourceFile } from './source.ts';

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** First part of a path below `src/`: a folder, or a file such as `app.ts`. */
const roomOf = (path: string): string => path.split('/')[1] ?? '';

/** What a file of a room with siblings belongs to: its folder, or its own name without endings. */
const siblingOf = (path: string): string => (path.split('/')[2] ?? '').split('.')[0] ?? '';

/** Faults of the import law, for the files below `src/`. */
export function importFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    if (!ROOMS[roomOf(file.path)]) return [`${file.path}: is in no room of the house; put it in one`];
    return file.imports.flatMap((one) => {
      const why = one.target === undefined ? moduleFault(file.path, one) : roomFault(file.path, one, one.target);
      return why ? [`${file.path}: imports ${one.specifier}: ${why}`] : [];
    });
  });
}

function roomFault(path: string, one: Import, target: string): string | undefined {
  if (!target.startsWith('src/')) return 'it is outside src';
  if (isTest(target)) return 'it is a test';
  const [from, to] = [roomOf(path), roomOf(target)];
  const law = ROOMS[from]!;
  if (from === to) {
    const apart = law.siblings && siblingOf(path) !== siblingOf(target) && siblingOf(path) !== 'registry';
    return apart ? `siblings in ${from} never import each other` : undefined;
  }
  const allowed = [
    ...law.rooms,
    ...(one.typeOnly ? (law.types ?? []) : []),
    ...(isTest(path) ? (TEST_ROOMS[from] ?? []) : []),
  ];
  return allowed.includes(to) ? undefined : `${from} does not import ${to} (${law.reason})`;
}

/** Faults of the law of pages, for the files below `ui/src/`. */
export function pageFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((one) => {
      const why = one.target === undefined ? undefined : pageFault(file.path, one, one.target);
      return why ? [`${file.path}: imports ${one.specifier}: ${why}`] : [];
    }),
  );
}

function pageFault(path: string, { typeOnly }: Import, target: string): string | undefined {
  if (target.startsWith('src/')) {
    const shared: readonly string[] = typeOnly ? PAGES_SHARE.types : PAGES_SHARE.code;
    return shared.includes(roomOf(target)) ? undefined : `pages take of the server ${shared.join(' and ')} only`;
  }
  const [from, to] = [path, target].map((one) => one.split('/')[2] ?? '') as [string, string];
  const law = PAGE_ROOMS[from];
  if (law === undefined) return 'it is in no room of the pages; put it in one';
  if (from !== to)
    return law.rooms.includes(to) || to.endsWith('.css') ? undefined : `${from} does not import ${to} (${law.reason})`;
  return law.siblings && path.split('/')[3] !== target.split('/')[3] ? 'features never import each other' : undefined;
}

function moduleFault(path: string, one: Import): string | undefined {
  const name = packageOf(one.specifier);
  const forbidden = FORBIDDEN_PACKAGES[name.replace(/^node:/, '')];
  if (forbidden) return `the package is forbidden (${forbidden})`;
  if (isTest(path)) return undefined;
  const law = ROOMS[roomOf(path)]!;
  const list = name.startsWith('node:') ? law.builtins : law.packages;
  return !list || list.includes(name) ? undefined : `${roomOf(path)} does not import it (${law.reason})`;
}

/** `@scope/name` of `@scope/name/deep`; built-in modules keep their path. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Cycles of imports, types included, each as a path that ends where it began. */
export function cycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map((file) => [file.path, file.imports.flatMap((one) => one.target ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** Packages that an entry reaches by imports at the head of files, and should only when they are wanted. */
export function startFaults(
  files: readonly SourceFile[],
  starts: Readonly<Record<string, StartLaw>> = STARTS,
): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return Object.entries(starts).flatMap(([entry, { late, reason }]) => {
    const trails = new Map([[entry, entry]]);
    const found: string[] = [];
    for (const [path, trail] of trails) {
      for (const { specifier, target, typeOnly, late: isLate } of byPath.get(path)?.imports ?? []) {
        if (typeOnly || isLate) continue;
        if (target === undefined && late.includes(packageOf(specifier)))
          found.push(`${trail} -> ${specifier}: ${reason}`);
        else if (target !== undefined && !trails.has(target)) trails.set(target, `${trail} -> ${target}`);
      }
    }
    return found;
  });
}

/** What stands where it may not: the environment, calls out, text run as code. */
export function placeFaults(files: readonly SourceFile[], laws: readonly PlaceLaw[] = PLACES): string[] {
  return laws.flatMap((law) =>
    files
      .filter((file) => !(law.exceptTests && isTest(file.path)))
      .filter((file) => !Object.keys(law.places).some((place) => file.path.startsWith(place)))
      .filter((file) => law.pattern.test(file.code) || importsOneOf(file, law.modules ?? []))
      .map((file) => `${file.path}: ${law.what}; only ${Object.keys(law.places).join(', ') || 'nobody'} may`),
  );
}

function importsOneOf(file: SourceFile, modules: readonly string[]): boolean {
  return file.imports.some(
    ({ typeOnly, specifier }) => !typeOnly && (modules.includes(specifier) || modules.includes(packageOf(specifier))),
  );
}

export function sizeFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const lines = file.text.trimEnd().split('\n').length;
    const limit = isTest(file.path) ? MAX_TEST_LINES : MAX_LINES;
    return lines > limit ? [`${file.path}: ${lines} lines, ${limit} at most; a concept is missing`] : [];
  });
}

export function nameFaults(paths: readonly string[]): string[] {
  return paths.filter((path) => FORBIDDEN_NAMES.test(path)).map((path) => `${path}: the name says nothing`);
}

export function unfinishedFaults(files: readonly SourceFile[]): string[] {
  return files.filter((file) => UNFINISHED.test(file.text)).map((file) => `${file.path}: has something unfinished`);
}

/** `names` are those of package.json, of any kind of dependency. */
export function packageFaults(names: readonly string[]): string[] {
  return names.flatMap((name) => (FORBIDDEN_PACKAGES[name] ? [`${name}: ${FORBIDDEN_PACKAGES[name]}`] : []));
}
