import { expect, test } from 'vitest';
import { parseModelSettings } from '../core/model-settings.ts';
import { ApiError } from '../sdk/index.ts';
import { checkClock, checkModels, checkNode, diskFinding } from './checks.ts';
import { findingLines } from './commands/doctor.ts';
import { describe as describeType } from './commands/types.ts';
import { parseText } from './document.ts';
import { failureOf } from './exit.ts';
import { table } from './table.ts';
import { clean, clip, PLAIN, span } from './text.ts';

test.each([
  [0, '0ms'],
  [-5, '0ms'],
  [999, '999ms'],
  [1_000, '1.0s'],
  [59_940, '59.9s'],
  [60_000, '1m00s'],
  [3_600_000, '1h00m'],
  [7_500_000, '2h05m'],
  [90_000_000, '1d01h'],
])('%d ms are %s', (ms, text) => expect(span(ms)).toBe(text));

test('who is not asked is told how to say in whose name they decide', () => {
  const refused = new ApiError('not_asked', 403, 'This approval asks finance, not root.');
  expect(failureOf(refused).text).toBe(
    'This approval asks finance, not root.\nSay who decides by --by, or in whose name by --as.',
  );
});

test('a refusal names each of its faults once', () => {
  const faults = [{ path: 'input.n', message: 'takes number, is string' }];
  const single = new ApiError('invalid_input', 400, 'input.n: takes number, is string', { errors: faults });
  expect(failureOf(single).text).toBe('input.n: takes number, is string');
  const several = new ApiError('invalid_input', 400, 'There are 1 faults', { errors: faults });
  expect(failureOf(several).text).toBe('There are 1 faults\n  input.n: takes number, is string');
});

test('text from elsewhere cannot steer the terminal', () => {
  expect(clean('a\u001b]0;evil\u0007\r\nb\u202e\u009b2J')).toBe('a ]0;evil   b  2J');
  expect(clean('a\n\u001bb', true)).toBe('a\n b');
  expect(clip('😀😀😀', 2)).toBe('😀…');
  expect(clip('ab', 0)).toBe('');
});

test('a table is as wide as its cells, and its last column gives way', () => {
  const rows = [
    ['a', 'one'],
    [{ text: 'longer\n' }, 'a description that is long'],
  ];
  expect(table(['X', 'WORDS'], rows, PLAIN, 20)).toEqual(['X        WORDS', 'a        one', 'longer   a descript…']);
  expect(table(['X'], [], PLAIN)).toEqual([]);
});

test('faults have the line of the deepest part that is there', () => {
  const file = parseText(
    'w.yaml',
    'name: w\nnodes:\n  - id: a\n    type: http\n  - id: b\n    config:\n      url: x\n',
  );
  expect(file.document).toEqual({
    name: 'w',
    nodes: [
      { id: 'a', type: 'http' },
      { id: 'b', config: { url: 'x' } },
    ],
  });
  const lines = [
    'name',
    'nodes[0].type',
    'nodes[1].config.url',
    'nodes[1].config.missing',
    'nodes[7]',
    'document',
    'edges[0]',
  ];
  expect(lines.map((path) => file.lineOf(path))).toEqual([1, 4, 7, 7, 3, 1, 1]);
});

test.each([
  ['w.yaml', 'name: w\nnodes: [\n', /^w\.yaml:3:1: /],
  ['w.json', '{"name": }{', /^w\.json:1:/],
  ['w.yaml', '__proto__: { a: 1 }', /__proto__/],
  ['w.yaml', `a: &a [1]\nb: [${'*a, '.repeat(200)}]`, /alias/],
])('%s that is not well-formed is refused with its place', (name, text, message) => {
  expect(() => parseText(name, text)).toThrow(message);
});

test('the findings of the doctor', () => {
  expect(checkNode('24.1.0').level).toBe('ok');
  expect(checkNode('20.11.1').level).toBe('fail');
  expect(diskFinding(3 * 2 ** 30, '/x').level).toBe('ok');
  expect(diskFinding(2 ** 30, '/x').level).toBe('warn');
  expect(diskFinding(2 ** 20, '/x')).toMatchObject({ level: 'fail', found: '0.0 GiB free at /x' });
  const now = Date.now();
  expect(checkClock(now, now - 1_000).level).toBe('ok');
  expect(checkClock(now, now + 60_000)).toMatchObject({ level: 'warn', found: "60 s apart from the server's" });
  expect(checkClock(now, undefined).level).toBe('ok');
  expect(checkClock(0, undefined).level).toBe('fail');
  expect(findingLines({ level: 'warn', what: 'disk', found: 'low', mend: 'Free some.' }, PLAIN)).toEqual([
    'warn  disk         low',
    '                   Free some.',
  ]);
});

test('a type is described by the fields of its config and an example', () => {
  const lines = describeType(
    {
      type: 'wait',
      version: 1,
      description: 'Waits.',
      kind: 'step',
      ports: ['out'],
      effect: 'pure',
      configSchema: {
        type: 'object',
        required: ['for', 'mode'],
        properties: {
          for: { anyOf: [{ type: 'string' }, { type: 'integer' }], description: 'How long' },
          mode: { enum: ['a', 'b'], default: 'a' },
          body: {},
        },
      },
      example: { for: '90s' },
    },
    { style: PLAIN, width: undefined },
  );
  expect(lines).toEqual([
    'wait v1  ports out; effect pure',
    'Waits.',
    '',
    'FIELD  TYPE              NEEDED  DESCRIPTION',
    'for    string | integer  yes     How long',
    'mode   a | b',
    'body   any',
    '',
    'Example:',
    '  type: wait',
    '  config:',
    '    for: 90s',
  ]);
});

test('doctor says which of the models that the settings name lack a key, and no more', () => {
  const settings = (models: object, keys: Readonly<Record<string, string>> = {}) =>
    parseModelSettings({ providers: undefined, models }, (name) => keys[name], []);
  const models = { smart: { model: 'openai:gpt' }, demo: { model: 'scripted:triage' } };
  expect(checkModels(settings({}))).toEqual([]);
  expect(checkModels(settings(models))).toMatchObject([
    { level: 'fail', what: 'model', found: 'smart', mend: expect.stringContaining('OPENAI_API_KEY is not set') },
  ]);
  expect(checkModels(settings(models, { OPENAI_API_KEY: 'k' }))).toMatchObject([{ level: 'ok', what: 'models' }]);
  expect(checkModels(settings({ safe: { try: ['openai:gpt', 'scripted:triage'] } }))).toEqual([
    {
      ...{ level: 'warn', what: 'model', found: 'safe, but scripted:triage is asked instead' },
      mend: expect.stringContaining('OPENAI_API_KEY is not set'),
    },
  ]);
});
