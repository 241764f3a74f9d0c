import { describe, expect, test } from 'vitest';
import { blobOf, decode, isTooLarge, LARGEST_RECEIVED, withBlob, withValue } from './decode.ts';
import { partsOf, type Received } from './received.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const message = (value: string | Uint8Array | null, more: Partial<Received> = {}): Received => ({
  value: typeof value === 'string' ? bytes(value) : value,
  place: { topic: 'orders', partition: 2, offset: 7 },
  ...more,
});
const BINARY = new Uint8Array([0xff, 0xfe, 0]);

test('json is data, with all that the broker knows around it', () => {
  const headers = { source: bytes('shop'), trace: BINARY };
  expect(decode(message('{"id":1}', { key: bytes('k'), headers, timestamp: 0 }), 'json')).toEqual({
    data: { id: 1 },
    key: 'k',
    headers: { source: 'shop', trace: { base64: '//4A' } },
    topic: 'orders',
    partition: 2,
    offset: 7,
    timestamp: '1970-01-01T00:00:00.000Z',
  });
});

test('a tombstone has no data; a time that no calendar has is none', () => {
  const trigger = { data: null, key: 'k', headers: {}, timestamp: null };
  expect(decode(message(null, { key: 'k', timestamp: 9e15 }), 'json')).toMatchObject(trigger);
  expect(decode(message(null, { key: 'k' }), 'raw')).toMatchObject(trigger);
});

test('raw is text, or base64 of what is none', () => {
  expect(decode(message('{"a'), 'raw')).toMatchObject({ data: '{"a', encoding: 'text' });
  expect(decode(message(BINARY), 'raw')).toMatchObject({ data: '//4A', encoding: 'base64' });
});

test.each<[string | Uint8Array, string]>([
  ['{', 'invalid_json'],
  ['', 'invalid_json'],
  ['{"__proto__":1}', 'unsafe_key'],
  ['['.repeat(200) + ']'.repeat(200), 'too_deep'],
  [BINARY, 'message_invalid'],
  [new Uint8Array(LARGEST_RECEIVED + 1), 'limit_exceeded'],
])('json refuses %j', (value, code) => {
  expect(() => decode(message(value), 'json')).toThrow(expect.objectContaining({ code }));
});

describe('what is too large to start by itself', () => {
  const blob = { hash: 'a'.repeat(64), size: LARGEST_RECEIVED + 2, mediaType: 'application/octet-stream' };
  const text = `"${'x'.repeat(LARGEST_RECEIVED)}"`;
  const headers = { source: bytes('shop'), trace: BINARY };
  const large = message(text, { key: BINARY, headers, timestamp: 5 });
  const kept = withBlob(large, blob);

  test('is without its data, and names the blob that has them', () => {
    expect(isTooLarge(large)).toBe(true);
    expect(isTooLarge(message('x'.repeat(LARGEST_RECEIVED)))).toBe(false);
    expect(kept).toMatchObject({ data: null, blob, headers: { source: 'shop' }, offset: 7 });
    expect(blobOf(kept)).toEqual(blob);
    expect(blobOf({ ...kept, data: 1 })).toBeUndefined();
    expect(blobOf({ data: null, blob: { hash: 1 } })).toBeUndefined();
    expect(blobOf('text')).toBeUndefined();
  });

  test('is given whole when it is requeued, as its trigger has it', () => {
    const small = message('"x"', { key: BINARY, headers, timestamp: 5 });
    expect(withValue(kept, bytes('"x"'), 'json')).toEqual(decode(small, 'json'));
    expect(withValue(kept, bytes(text), 'json')).toMatchObject({ data: JSON.parse(text) });
    expect(withValue(kept, bytes(text), 'raw')).toMatchObject({ data: text, encoding: 'text' });
    expect(withValue(kept, bytes('{'), 'json')).toEqual(decode(message('{', { ...small, value: bytes('{') }), 'raw'));
    expect(withValue(kept, new Uint8Array(17 * 1024 * 1024), 'raw')).toBe(kept);
  });

  test('an event that says nothing of headers, or has one that is no text, is read all the same', () => {
    const read = (headers: unknown) => withValue({ data: null, blob, key: null, headers }, bytes('1'), 'json');
    expect(read(undefined)).toMatchObject({ data: 1 });
    expect(read({ odd: 7 })).toMatchObject({ data: 1, headers: { odd: '' } });
  });

  test('is a CloudEvent again where it was one', () => {
    const attributes = { ce_specversion: '1.0', ce_id: '1', ce_source: '/shop', ce_type: 'order.created' };
    const event = withBlob(message(text, { headers: attributes }), blob);
    const wanted = { specversion: '1.0', id: '1', source: '/shop', type: 'order.created', data: { n: 1 } };
    expect(withValue(event, bytes('{"n":1}'), 'cloudevents')).toMatchObject(wanted);
  });
});

test('messages go in parts that are small, each in its place', () => {
  const sizes = (parts: { value: Uint8Array | null }[][]) =>
    parts.map((part) => part.map(({ value }) => value?.length));
  const all = [1, 2, 3, 9, 1, 1].map((size) => ({ value: new Uint8Array(size) }));
  expect(sizes(partsOf(all, 4))).toEqual([[1, 2], [3], [9], [1, 1]]);
  expect(sizes(partsOf([{ value: null }, ...all.slice(0, 1), { value: null }], 1))).toEqual([
    [undefined, 1, undefined],
  ]);
  expect(partsOf([], 4)).toEqual([]);
});

describe('cloudevents', () => {
  const event = { specversion: '1.0', id: '1', source: '/shop', type: 'order.created' };

  test('in structured mode are the value', () => {
    const value = JSON.stringify({ ...event, subject: null, data: { n: 1 } });
    expect(decode(message(value), 'cloudevents')).toEqual({ ...event, data: { n: 1 } });
  });

  test.each(['ce_', 'ce-', 'cloudEvents:'])('in binary mode are in headers that begin with %s', (prefix) => {
    const headers = {
      ...Object.fromEntries(Object.entries(event).map(([name, value]) => [prefix + name, bytes(value)])),
      'content-type': 'application/json',
      other: 'x',
    };
    const wanted = { ...event, datacontenttype: 'application/json', data: { n: 1 } };
    expect(decode(message('{"n":1}', { headers }), 'cloudevents')).toEqual(wanted);
    const text = { ...headers, 'content-type': 'text/plain' };
    expect(decode(message('hi', { headers: text }), 'cloudevents')).toMatchObject({ data: 'hi' });
    const image = { ...headers, 'content-type': 'image/png' };
    expect(decode(message(BINARY, { headers: image }), 'cloudevents')).toMatchObject({ data_base64: '//4A' });
  });

  test('in binary mode have JSON where no type is named, no data where there is no value, and numbers where one is', () => {
    const named = Object.entries({ ...event, causationdepth: '3', constructor: 'x' });
    const headers = Object.fromEntries(named.map(([name, value]) => [`ce_${name}`, value]));
    expect(decode(message('{"n":1}', { headers }), 'cloudevents')).toEqual({
      ...event,
      causationdepth: 3,
      data: { n: 1 },
    });
    expect(decode(message(null, { headers }), 'cloudevents')).toEqual({ ...event, causationdepth: 3 });
    const special = { ...headers, contentType: 'application/vnd.shop+json' };
    expect(decode(message('1', { headers: special }), 'cloudevents')).toMatchObject({ data: 1 });
  });

  test.each<[unknown, string]>([
    [{ ...event, specversion: '0.3' }, 'specversion'],
    [{ ...event, id: '' }, '`id`'],
    [{ ...event, source: undefined }, '`source`'],
    [{ ...event, type: 'two words' }, '`type`'],
    [{ ...event, extension: { a: 1 } }, '`extension`'],
    [[event], 'no JSON object'],
  ])('%j is none', (value, words) => {
    const act = () => decode(message(JSON.stringify(value)), 'cloudevents');
    expect(act).toThrow(expect.objectContaining({ code: 'message_invalid' }));
    expect(act).toThrow(words);
  });

  test('a tombstone is none', () => {
    expect(() => decode(message(null), 'cloudevents')).toThrow('no JSON object');
  });
});
