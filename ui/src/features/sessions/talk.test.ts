import { expect, test } from 'vitest';
import { inputOf, partOf, talkOf } from './talk.ts';

const said = { message: 'hello', session: 's', user: 'ada', attachments: [] };

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

test('files go where its agent takes them, and nowhere where it takes none', () => {
  const config = { session: '{{ $trigger.session }}', prompt: '{{ $trigger.message }}' };
  const image = { type: 'image', blob: 'a'.repeat(64), mediaType: 'image/png' } as const;
  const attachments = '{{ $trigger.body.files ?? [] }}';
  const talk = of({ ...config, attachments });
  expect(talk?.attachments).toEqual(['body', 'files']);
  expect(talk && inputOf(talk, { ...said, attachments: [image] })).toMatchObject({ body: { files: [image] } });
  expect(talk && inputOf(talk, said)).toEqual({ session: 's', message: 'hello' });
  expect(of(config)?.attachments).toBeUndefined();
  const input = { type: 'object', properties: { session: {}, message: {} } };
  expect(
    of({ ...config, attachments }, { triggers: [{ id: 'm', type: 'manual', input }] })?.attachments,
  ).toBeUndefined();
});
