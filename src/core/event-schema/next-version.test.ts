import { expect, test } from 'vitest';
import type { EventSchema } from './event-schema.ts';
import { nextVersion, type Proposal } from './next-version.ts';

const LONG = 'x'.repeat(70_000);
const proposal = (over: Partial<Proposal> = {}): Proposal => ({
  ...{ projectId: 'p', type: 'a', schema: { type: 'string' }, policy: 'reject', upcast: null, createdAt: 1 },
  ...over,
});
const newest = (over: Partial<EventSchema> = {}): EventSchema => ({ ...proposal(), version: 1, ...over });

test('versions are counted, and the same again is none', () => {
  expect(nextVersion(undefined, proposal())).toEqual({ ...proposal(), version: 1 });
  const one = newest({ upcast: '{{ $data }}' });
  expect(nextVersion(one, proposal({ createdAt: 9 }))).toBe(one);
  expect(nextVersion(one, proposal({ upcast: '{{ $data }}' }))).toBe(one);
  expect(nextVersion(one, proposal({ upcast: '{{ [$data] }}' }))).toMatchObject({ version: 2 });
  expect(nextVersion(one, proposal({ policy: 'allow' }))).toMatchObject({ version: 2, policy: 'allow' });
});

test('what breaks readers takes an upcast', () => {
  const schema = { type: 'number' };
  expect(() => nextVersion(newest(), proposal({ schema }))).toThrow(
    expect.objectContaining({
      code: 'event_schema_incompatible',
      message: ': was string, is number: readers of version 1 would break; make a new type, or give upcast',
    }),
  );
  expect(nextVersion(newest(), proposal({ schema, upcast: '{{ $data.length }}' }))).toMatchObject({ version: 2 });
});

test.each([
  [{ schema: { properties: { a: { type: 'strin' } } } }, 'invalid_request', 'schema.properties.a.type: takes one'],
  [{ schema: { title: LONG } }, 'invalid_request', 'schema: takes at most 65536 characters'],
  [{ upcast: [LONG] }, 'invalid_request', 'upcast: takes at most 65536 characters'],
  [{ upcast: { a: '{{ $json.a }}' } }, 'expression_invalid', 'upcast.a: $json cannot be used here'],
])('is refused with the place', (over, code, message) => {
  expect(() => nextVersion(newest(), proposal(over))).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

test('there is nothing to upcast for the first, and an end to versions', () => {
  expect(() => nextVersion(undefined, proposal({ upcast: '{{ $data }}' }))).toThrow(
    'upcast: there is no older version',
  );
  expect(() => nextVersion(newest({ version: 200 }), proposal({ schema: true }))).toThrow('at most 200 versions');
});
