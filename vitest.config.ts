import { defineConfig } from 'vitest/config';

/**
 * `unit` does no I/O, and its files share their modules, which halves their time; one that mocks modules has its own
 * (`*.mock.test.ts`). `int` uses real PostgreSQL and sockets; `e2e` runs the whole program as processes; `ui` shows it to a browser.
 */
const project = (
  name: string,
  include: string[],
  exclude: string[],
  timeout: number,
  /** Files at the same time; absent: as many as there are processors. */
  maxWorkers?: number,
  globalSetup: string[] = [],
  isolate = true,
) => ({
  test: {
    name,
    isolate,
    include,
    exclude,
    testTimeout: timeout,
    hookTimeout: timeout,
    // What runs at the same time has as many workers; what has its own number of them comes first.
    ...(maxWorkers === undefined ? { sequence: { groupOrder: 0 } } : { maxWorkers, sequence: { groupOrder: 1 } }),
    globalSetup,
  },
});

const UNIT = ['src/**/*.test.ts', 'ui/src/**/*.test.ts', 'test/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      project('unit', UNIT, ['**/*.{int,mock}.test.ts'], 60_000, undefined, [], false),
      project('mock', ['src/**/*.mock.test.ts'], [], 60_000, 2),
      project('int', ['src/**/*.int.test.ts'], [], 60_000, 2, ['./src/testing/global-setup.ts']),
      project('ui', ['test/ui/**/*.test.ts'], [], 120_000, 2),
      project('e2e', ['test/e2e/**/*.test.ts', 'test/chaos/**/*.test.ts'], [], 240_000, 2),
    ],
    coverage: {
      include: ['src/core/**'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'text'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});
