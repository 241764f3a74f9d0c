import { expect, test } from 'vitest';
import { TOPICS } from './topics.ts';

/** A notification of PostgreSQL has room for 50 executions beside them. */
test('topics are a few short words, each once', () => {
  expect(new Set(TOPICS).size).toBe(TOPICS.length);
  for (const topic of TOPICS) expect(topic).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(JSON.stringify(TOPICS).length).toBeLessThan(500);
});
