import { expect, test } from 'vitest';
import { inputOf, partOf, talkOf } from './talk.ts';

const said = { message: 'hello', session: 's', user: 'ada' };

const of = (config: object, more: object = {}) =>
  talkOf({ name: 'w', nodes: [{ id: 'a', type: 'agent', config: { model: 'm', ...config } }], ...more });

test('a key may have words around it; another key is none of this workflow', () => {
  const talk = of({ session: 'ticket {{ $json.ticket }}!', prompt: '{{ $json.text }}', user: '{{ $json.who }}' });
  if (talk === undefined) throw new Error('nobody can talk to it');
  expect([partOf(talk, 'ticket 17!'), partOf(talk, 'mail 17')]).toEqual(['17', undefined]);
  expect(inputOf(talk, { ...said, session: 'ticket 17!' })).toEqual({ ticket: '17', text: 'hello', who: 'ada' });
});

test('without a session, with one that is fixed, or with fields that a person has not, nobody can', () => {
  const [session, prompt] = ['{{ $trigger.session }}', '{{ $trigger.message }}'];
  expect(of({ prompt })).toBeUndefined();
  expect(of({ session: 'all', prompt })).toBeUndefined();
  expect(of({ session, prompt: 'Report.' })).toBeUndefined();
  expect(of({ session, prompt: session })).toBeUndefined();
  const input = { type: 'object', required: ['order'], properties: { session: {}, message: {}, order: {} } };
  expect(of({ session, prompt }, { triggers: [{ id: 'm', type: 'manual', input }] })).toBeUndefined();
});
