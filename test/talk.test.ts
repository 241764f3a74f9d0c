/** The pages talk to the examples as they are. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { inputOf, talkOf } from '../ui/src/features/sessions/talk.ts';

const example = (name: string) =>
  talkOf(parse(readFileSync(new URL(`../examples/${name}.yaml`, import.meta.url), 'utf8')));
const said = { message: 'hello', session: 's', user: 'ada', attachments: [] };

test('a message goes where each example takes it, by hand or as a webhook would bring it', () => {
  const [assistant, feedback, desk] = ['assistant', 'feedback-desk', 'handoff/front-desk'].map(example);
  expect(assistant && inputOf(assistant, said)).toEqual({ message: 'hello', session: 's', user: 'ada' });
  expect(feedback && inputOf(feedback, said)).toEqual({ message: 'hello', customer: 's' });
  expect(desk && inputOf(desk, said)).toEqual({ body: { message: 'hello', customer: 's' } });
  expect([assistant, feedback, desk].map((talk) => talk?.attachments)).toEqual([['attachments'], undefined, undefined]);
  expect(example('order-saga')).toBeUndefined();
});
