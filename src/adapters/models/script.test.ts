import { expect, test } from 'vitest';
import { parseScript } from './script.ts';

const script = parseScript(
  `
rules:
  - match: 'order (\\d+) of (\\w+)'
    reply: { id: '$1', who: ['$2 pays $$5', { all: '$0', none: '$7', or: '\${7:nobody} \${2:x}' }], fixed: 3 }
  - match: '(?i)timeout'
    reply: slow
    delay: 200ms
    usage: { inputTokens: 3, outputTokens: 4 }
  - match: 'c++ ('
    reply: text
  - match: busy
    reply: at last
    error: { code: rate_limited, times: 2 }
  - match: broken
    error: { code: model_failed }
default: { reply: 'nothing $1' }
`,
  'rules.yaml',
);

/** To a first question. */
const answer = (text: string, by = script) => by.answer({ text, system: '', turn: 0, after: undefined });

test('fills groups into every text of a reply', () => {
  expect(answer('the order 42 of Ada is late')?.reply).toEqual({
    id: '42',
    who: ['Ada pays $5', { all: 'order 42 of Ada', none: '', or: 'nobody Ada' }],
    fixed: 3,
  });
});

test('the first rule that matches answers; a match that is no pattern is a text', () => {
  expect(answer('Gateway TIMEOUT while busy')).toEqual({
    reply: 'slow',
    tools: [],
    delayMs: 200,
    usage: { inputTokens: 3, outputTokens: 4 },
    place: 'rules[1]',
  });
  expect(answer('in c++ (old)')?.reply).toBe('text');
  expect(answer('busy')?.error).toEqual({ code: 'rate_limited', times: 2 });
  expect(answer('broken')?.error?.times).toBe(Number.POSITIVE_INFINITY);
});

test('the default answers where no rule does, as it is written', () => {
  expect(answer('else')).toEqual({ reply: 'nothing $1', tools: [], delayMs: 0, place: 'default' });
  expect(answer('else', parseScript('rules: []', 'rules.yaml'))).toBeUndefined();
});

test.each([
  ['rules: [', 'invalid_yaml', 'not valid YAML'],
  ['rules: [{ match: a }]', 'config_invalid', 'rules[0] has no reply'],
  ['rules: [{ match: a, error: { code: timeout, times: 1 } }]', 'config_invalid', 'no reply'],
  ['rules: [{ match: a, reply: b, wait: 1s }]', 'config_invalid', 'wait'],
  ['default: { reply: a, error: { code: internal } }', 'config_invalid', 'default.error.code'],
  ['default: { reply: a, delay: soon }', 'config_invalid', 'delay'],
  ['just text', 'config_invalid', 'expected object'],
  ['default: { reply: { __proto__: { a: 1 } } }', 'unsafe_key', '__proto__'],
])('%s', (text, code, message) => {
  expect(() => parseScript(text, 'rules.yaml')).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

const talk = parseScript(
  `
rules:
  - turn: 0
    system: '(?i)weather'
    match: 'in (\\w+)'
    tools: [{ name: weather, arguments: { city: '$1', days: 2 } }, { name: log }]
  - after: weather
    match: 'sun'
    reply: Take a hat.
  - after: weather
    reply: Take a coat.
  - turn: 2
    reply: Enough.
    stream: { every: 50ms, pieces: 2 }
`,
  'rules.yaml',
);
const moment = { text: 'How is it in Bonn?', system: 'You know the weather.', turn: 0, after: undefined };

test('a rule may look at the turn, the system prompt and the tool that answered', () => {
  expect(talk.answer(moment)?.tools).toEqual([
    { name: 'weather', arguments: { city: 'Bonn', days: 2 } },
    { name: 'log', arguments: {} },
  ]);
  expect(talk.answer({ ...moment, system: 'other' })).toBeUndefined();
  expect(talk.answer({ ...moment, turn: 1, text: 'sunny', after: 'weather' })?.reply).toBe('Take a hat.');
  expect(talk.answer({ ...moment, turn: 1, text: 'rain', after: 'weather' })?.reply).toBe('Take a coat.');
  expect(talk.answer({ ...moment, turn: 2, text: 'x', after: 'log' })).toMatchObject({
    ...{ reply: 'Enough.', stream: { everyMs: 50, pieces: 2 } },
  });
  expect(talk.answer({ ...moment, turn: 3, text: 'x' })).toBeUndefined();
});

test('a rule of no condition is refused', () => {
  expect(() => parseScript('rules: [{ reply: a }]', 'rules.yaml')).toThrow(
    'needs one of match, system, turn and after',
  );
});
