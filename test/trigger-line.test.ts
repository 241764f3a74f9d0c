import { expect, test } from 'vitest';
import { triggerTypes } from '../src/triggers/registry.ts';
import { triggerLine } from '../ui/src/graph/trigger-line.ts';

test('on the canvas each trigger type says more than its name', () => {
  for (const { type, example } of triggerTypes.values()) expect(triggerLine(type, example), type).not.toBe(type);
});
