import { expect, test } from 'vitest';
import { fencedJson } from './fenced-json.ts';

test.each([
  ['{"a":1}', { a: 1 }],
  ['```json\n{"a":1}\n```', { a: 1 }],
  ['\n```\n[1]\n  ```\n', [1]],
  ['so: {"a":1}', undefined],
  ['{"__proto__":1}', undefined],
])('%j', (text, json) => expect(fencedJson(text)).toEqual(json));
