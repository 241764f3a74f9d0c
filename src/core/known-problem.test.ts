import { expect, test } from 'vitest';
import { knownProblem } from './known-problem.ts';

const listed = [
  { name: 'smart', problem: 'OPENAI_API_KEY is not set' },
  { name: 'openai:mine', problem: null },
  { name: 'openai:*', problem: 'OPENAI_API_KEY is not set' },
  { name: 'scripted:*', problem: null },
];

test.each([
  ['smart', 'OPENAI_API_KEY is not set'],
  ['openai:gpt-5', 'OPENAI_API_KEY is not set'],
  ['openai:mine', null],
  ['scripted:triage', null],
  ['none:gpt', null],
  ['nobody', null],
])('%s: %s', (model, problem) => expect(knownProblem(listed, model)).toBe(problem));
