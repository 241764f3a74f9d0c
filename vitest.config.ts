import { defineConfig } from 'vitest/config';

/** `unit` does no I/O; `int` uses real PostgreSQL and sockets; `e2e` runs the whole program as processes; `ui` shows it to a browser. */
const project = (
  name: string,
  include: string[],
  exclude: string[],
  timeout: number,
  parallel: boolean,
  globalSetup: string[] = [],
) => ({
  test: {
    name,
    include,
    exclude,
    testTimeout: timeout,
    hookTimeout: timeout,
    fileParallelism: parallel,
    globalSetup,
  },
});

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        ['src/**/*.test.ts', 'ui/src/**/*.test.ts', 'test/*.test.ts'],
        ['**/*.int.test.ts'],
        60_000,
        true,
      ),
      project('int', ['src/**/*.int.test.ts'], [], 60_000, false, ['./src/testing/global-setup.ts']),
      project('ui', ['test/ui/**/*.test.ts'], [], 120_000, false),
      project('e2e', ['test/e2e/**/*.test.ts', 'test/chaos/**/*.test.ts'], [], 240_000, false),
    ],
    coverage: {
      include: ['src/core/**'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'text'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});
