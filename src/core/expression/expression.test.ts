// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources of expressions are texts
import { describe, expect, test } from 'vitest';
import { MyelinError } from '../errors.ts';
import type { Env } from './env.ts';
import { compileExpression } from './index.ts';

const ENV: Env = {
  $json: {
    a: { b: { c: 7 } },
    name: 'Ada',
    list: [3, 1, 2],
    people: [
      { name: 'Ada', age: 36, tags: ['x', 'y'] },
      { name: 'Bob', age: 20, tags: ['y'] },
    ],
    nothing: null,
    empty: '',
    zero: 0,
    yes: true,
    text: 'one, two,three',
    at: '2026-01-02T03:04:05.000Z',
    'odd key': 1,
    length: 9,
  },
  $trigger: { body: { n: 1 } },
  $execution: { id: 'e1' },
  $workflow: { name: 'w' },
  $vars: { region: 'eu' },
  $now: Date.UTC(2026, 0, 2, 3, 4, 5),
  $item: 'item',
  $index: 4,
  $results: [1],
  $cursor: 5,
  $data: { n: 6 },
  node: (id) => (id === 'first' || id === 'odd id' ? { out: id } : undefined),
  secret: (name) => {
    if (name === 'GONE') throw new MyelinError('secret_missing', 'GONE is not set');
    return `secret ${name}`;
  },
};

const run = (source: string, env: Env = ENV): unknown => compileExpression(source).evaluate(env);

function caught(act: () => unknown): MyelinError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(MyelinError);
    return error as MyelinError;
  }
  throw new Error('nothing was thrown');
}

/** Sources may be long; the name of a test is not. */
const named = <T extends unknown[]>(rows: [string, ...T][]): [string, string, ...T][] =>
  rows.map(([source, ...rest]) => [source.slice(0, 80), source, ...rest]);

const OURS: [source: string, expected: unknown][] = [
  // A path through something missing
  ['$json.a.b.c', 7],
  ['$json.x.y.z', undefined],
  ['$json.nothing.y.z', undefined],
  ['$json.zero.y.z', undefined],
  ['$json.name.first.letter', undefined],
  ['$json["odd key"]', 1],
  ['$json[$json.x]', undefined],
  ['$json.list[$json.list[1]]', 1],
  ['$json.list["length"]', 3],
  ['$json.list.x', undefined],
  ['$json.list[0.5]', undefined],
  ['$json.length', 9],
  ['$json.people[1].name', 'Bob'],
  ['$json.missing?.map(x => x)', undefined],
  ['$json.missing?.deep.map(x => x).length', undefined],
  ['$json.name.map?.(x => x)', undefined],
  ['[[1, 2]].map(({ length }) => length)', [2]],
  ['["ab"].map(([a, b]) => b + a)', ['ba']],
  ['[1].map(([a]) => a)', [undefined]],
  // Variables
  ['$trigger.body.n', 1],
  ['$execution.id', 'e1'],
  ['$workflow.name', 'w'],
  ['$vars.region', 'eu'],
  ['$item + $index + $results[0]', 'item41'],
  ['$cursor + $data.n', 11],
  ['$node.first.out', 'first'],
  ["$node['odd id'].out", 'odd id'],
  ["$node['fi' + 'rst'].out", 'first'],
  ['$node.missing.out', undefined],
  ['$node.first', { out: 'first' }],
  ['$secrets.KEY', 'secret KEY'],
  ["$secrets['KEY']", 'secret KEY'],
  ['[1].map($json => $json + 1)', [2]],
  ['$json.list.sort()', [1, 2, 3]],
  ['JSON.stringify({at: $now})', '{"at":"2026-01-02T03:04:05.000Z"}'],
  ['Object.entries($json.a)', [['b', { c: 7 }]]],
  ['Object.hasOwn(5, "a")', false],
  ['typeof $now', 'object'],
  ['typeof Number("1")', 'number'],
  ['[$now].includes($now)', true],
  ['/* a comment */ 1 // and another', 1],
  // Dates
  ['$now', '2026-01-02T03:04:05.000Z'],
  ['[$now]', ['2026-01-02T03:04:05.000Z']],
  ['({a: {b: $now}, c: NaN, d: 1})', { a: { b: '2026-01-02T03:04:05.000Z' }, c: Number.NaN, d: 1 }],
  ['[1, NaN]', [1, Number.NaN]],
  ['`${$now}`', '2026-01-02T03:04:05.000Z'],
  ['$now.plus({days: 1}).toISO()', '2026-01-03T03:04:05.000Z'],
  ['$now.minus({month: 1, hours: "1"})', '2025-12-02T02:04:05.000Z'],
  ['$now.plus("PT1H")', '2026-01-02T04:04:05.000Z'],
  ['$now.plus(1000).second', 6],
  ['$now.plus(Duration.fromObject({days: 1})).day', 3],
  ['$now.set({hour: 0, minute: 0}).toISO()', '2026-01-02T00:00:05.000Z'],
  ["$now.startOf('day').toISO()", '2026-01-02T00:00:00.000Z'],
  ["$now.endOf('months').toISODate()", '2026-01-31'],
  ["$now.toFormat('yyyy/MM/dd HH:mm')", '2026/01/02 03:04'],
  ["$now.setZone('Europe/Berlin').hour", 4],
  ["$now.setZone('europe/berlin').zoneName", 'Europe/Berlin'],
  ["$now.setZone('europe/berlin').setZone('UTC+3').hour", 6],
  ["$now.setZone('Asia/Tokyo')", '2026-01-02T12:04:05.000+09:00'],
  ["$now.setZone('Asia/Tokyo').toUTC().hour", 3],
  ["$now.diff(DateTime.fromISO('2026-01-01'), 'hours').hours", 27.068055555555556],
  ["$now.diff('2026-01-01T00:00:00Z', ['days', 'hours']).toObject()", { days: 1, hours: 3.0680555555555555 }],
  ["$now.diff('2026-01-01T03:04:05Z').as('day')", 1],
  ["$now.diff('2026-01-01T03:04:05Z')", 'PT86400S'],
  ["$now.hasSame('2026-01-02', 'day')", true],
  ['$now.equals($now)', true],
  ['$now.equals(1)', false],
  ['$now == DateTime.now()', true],
  ['$now === DateTime.now()', true],
  ['$now === Duration.fromMillis(1)', false],
  ['$now !== DateTime.utc()', false],
  ['$now > DateTime.fromISO("2025-01-01")', true],
  ['$now == $now.toMillis()', true],
  ['$now == $now.toISO()', true],
  ['$now - DateTime.fromISO("2026-01-02T03:04:04Z")', 1000],
  ['$now + 1', 1767323045001],
  ['$now + " now"', '2026-01-02T03:04:05.000Z now'],
  ['$now.year + $now.month + $now.weekday', 2032],
  ['$now.monthLong + $now.weekdayShort', 'JanuaryFri'],
  ['$now.nope', undefined],
  ['$now.toMillis() === $now.valueOf()', true],
  ['$now.toSeconds()', 1767323045],
  ['$now.toUnixInteger()', 1767323045],
  ['$now.toISOTime()', '03:04:05.000Z'],
  ['$now.toHTTP()', 'Fri, 02 Jan 2026 03:04:05 GMT'],
  ['$now.toRFC2822()', 'Fri, 02 Jan 2026 03:04:05 +0000'],
  ['$now.toSQL()', '2026-01-02 03:04:05.000 Z'],
  ['$now.toObject().day', 2],
  ['$now.toString()', '2026-01-02T03:04:05.000Z'],
  ['$now.toJSON()', '2026-01-02T03:04:05.000Z'],
  ['DateTime.fromISO($json.at).year', 2026],
  ["DateTime.fromISO('2026-01-02T10:00', {zone: 'Europe/Berlin'}).toUTC()", '2026-01-02T09:00:00.000Z'],
  ["DateTime.fromISO('2026-01-02T10:00+05:00', {setZone: true}).hour", 10],
  ["DateTime.fromISO('nonsense').isValid", false],
  ["DateTime.fromISO('nonsense')", null],
  ["`${DateTime.fromISO('nonsense')}`", 'Invalid DateTime'],
  ["DateTime.fromISO('10:00')", null],
  [`DateTime.fromISO("2026${'0'.repeat(200)}").isValid`, false],
  ['DateTime.fromMillis(0)', '1970-01-01T00:00:00.000Z'],
  ['DateTime.fromSeconds(1)', '1970-01-01T00:00:01.000Z'],
  ['DateTime.fromObject({year: 2026, month: 2}, {zone: "UTC"})', '2026-02-01T00:00:00.000Z'],
  ['DateTime.fromObject({weekYear: 2026, weekNumber: 1}).isValid', true],
  ["DateTime.fromFormat('03/04/2026', 'dd/MM/yyyy')", '2026-04-03T00:00:00.000Z'],
  ["DateTime.fromFormat('on 2026-04', \"'on' yyyy-MM\")", '2026-04-01T00:00:00.000Z'],
  ["DateTime.fromSQL('2026-04-03 10:00:00')", '2026-04-03T10:00:00.000Z'],
  ["DateTime.fromSQL('10:00')", null],
  ["DateTime.fromHTTP('Fri, 02 Jan 2026 03:04:05 GMT')", '2026-01-02T03:04:05.000Z'],
  ["DateTime.fromRFC2822('Fri, 02 Jan 2026 03:04:05 +0000').hour", 3],
  ['DateTime.utc(2026, 2, 3, 4)', '2026-02-03T04:00:00.000Z'],
  ['Date.now()', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["Date.parse('2026-01-02T03:04:05')", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["Date.parse('Fri, 02 Jan 2026 03:04:05 +0000')", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["Date.parse('x')", Number.NaN],
  ["Duration.fromISO('PT90M').as('hours')", 1.5],
  ["Duration.fromISO('PT90M').shiftTo('hours', 'minutes').toObject()", { hours: 1, minutes: 30 }],
  ["Duration.fromObject({hours: 1}).plus({minutes: 5}).minus({minutes: 1}).toFormat('hh:mm')", '01:04'],
  ['Duration.fromObject({hours: 1}).negate().toMillis()', -3600000],
  ['Duration.fromObject({hours: 1}).valueOf() + Duration.fromObject({hours: 1})', 7200000],
  ['Duration.fromObject({hours: 1}).hours', 1],
  ['Duration.fromObject({hours: 1}).hour', undefined],
  ['Duration.fromObject({hours: 1}).isValid', true],
  ['Duration.fromObject({hours: 1}).toISO() + Duration.fromObject({days: 1}).toJSON()', 'PT1HP1D'],
  ['Duration.fromObject({hours: 1}).toString() + `${Duration.fromISO("x")}`', 'PT1HInvalid Duration'],
  ['Duration.fromObject({hours: 1}) == Duration.fromObject({minutes: 60})', true],
  [`DateTime.fromHTTP("${'x'.repeat(101)}")`, null],
  ['"abc".at("x") + "abc".slice({})', 'aabc'],
  // Regular expressions stay inside
  ['/a/.source', undefined],
  ['`${/a/}`', '[object RegExp]'],
  ['/a/ > 1', false],
  ['[1, 2].index', undefined],
];

describe('our own values', () => {
  test.each(named(OURS))('%s', (_, source, expected) => {
    expect(run(source)).toEqual(expected);
  });

  test('an environment without times, nodes or variables yields undefined', () => {
    expect(run('[$now, $json, $node.x, $node[1], $item]', {})).toEqual(Array(5).fill(undefined));
  });

  test('plain results are shared with the input, and the input is never changed', () => {
    const $json = { list: [3, 1, 2], deep: { a: [1] } };
    const before = structuredClone($json);
    expect(run('$json.deep', { $json })).toBe($json.deep);
    for (const source of ['sort()', 'reverse()', 'toSpliced(0, 1)', 'concat(1)', 'with(0, 9)', 'flat()']) {
      run(`$json.list.${source}`, { $json });
    }
    run('Object.assign($json.deep, {a: 2}, {...$json})', { $json });
    run('Object.groupBy($json.list, x => x).constructed', { $json });
    expect($json).toEqual(before);
  });

  test('any spelling of a zone is understood, however many there are', () => {
    const letters = [...'america/argentina/buenos_aires'];
    for (let i = 0; i < 1_500; i++) {
      const name = letters.map((letter, at) => ((i >> at) & 1 ? letter.toUpperCase() : letter)).join('');
      expect(run(`$now.setZone("${name}").hour`)).toBe(0);
    }
  });

  test('budgets are per evaluation, and an expression can run again after it failed', () => {
    const expression = compileExpression(
      '$json.n < 1 ? "x".repeat(9999999) : Array.from({length: 50000}, (_, i) => i).length',
    );
    for (let i = 0; i < 5; i++) expect(expression.evaluate({ $json: { n: 1 } })).toBe(50_000);
    expect(caught(() => expression.evaluate({ $json: { n: 0 } })).code).toBe('expression_limit');
    expect(expression.evaluate({ $json: { n: 1 } })).toBe(50_000);
  });
});

test('references name variables, nodes and secrets', () => {
  const { references, source } = compileExpression("$json.a + $node.x.b + $node['y z'] + $node[$vars.n] + $secrets.K");
  expect([...references.variables]).toEqual(['$json', '$node', '$vars', '$secrets']);
  expect([...references.nodes]).toEqual(['x', 'y z']);
  expect([...references.secrets]).toEqual(['K']);
  expect(source).toContain('$json.a');
});

const INVALID: [source: string, position: number, reason: RegExp][] = [
  ['', 0, /empty/],
  ['  ', 0, /empty/],
  ['1 +', 3, /unexpected token/],
  ['1 2', 2, /unexpected token/],
  ['(1', 2, /unexpected token/],
  ['1 #', 3, /character '#'|unexpected/],
  ['"abc', 0, /unterminated string/],
  ['$jsn.a', 0, /unknown variable \$jsn \(did you mean \$json\?\)/],
  ['1 + $totally', 4, /unknown variable \$totally$|unknown variable \$totally at/],
  ['foo', 0, /unknown name foo at/],
  ['[1].map(item => itme)', 16, /did you mean item/],
  [`$${'x'.repeat(80)}`, 0, /unknown variable/],
  ['$node', 0, /needs a name/],
  ['$secrets', 0, /needs a name/],
  ['$secrets[$json.x]', 0, /named in the source/],
  ['$node.x()', 0, /nothing to call/],
  ['$node.map(x => x)', 0, /nothing to call/],
  ['Math', 0, /can only be called/],
  ['String', 0, /can only be called/],
  ['Math.floor', 0, /can only be called/],
  ['Math.flor(1)', 5, /did you mean floor/],
  ['Math.PIE', 5, /did you mean PI/],
  ['Math[$json.x]', 0, /named in the source/],
  ['Math.random()', 5, /same result/],
  ['DateTime.local()', 9, /DateTime\.now/],
  ['[].push(1)', 3, /nothing can be changed/],
  ['"a".toUppercase()', 4, /did you mean toUpperCase/],
  ['"a"[$json.x]()', 4, /named in the source/],
  ['$json()', 0, /only methods/],
  ['(x => x)(1)', 1, /given to a method/],
  ['x => x', 0, /given to a method/],
  ['[x => x]', 1, /given to a method/],
  ['[1].includes(x => x)', 13, /given to a method/],
  ['[1].reduce((a, b) => a, x => x)', 24, /given to a method/],
  ['[1].map(async x => x)', 8, /async/],
  ['[1].map(x => { return x })', 13, /one expression/],
  ['[1].map((...x) => x)', 9, /rest/],
  ['[1].map(({...x}) => x)', 10, /rest/],
  ['[1].map(({[1]: x}) => x)', 10, /computed key/],
  ['"a".replace(...$json.x, x => x)', 0, /spread/],
  ['[1].map(...[Boolean])', 12, /can only be called/],
  ['a = 1', 0, /assignment/],
  ['$json.a = 1', 0, /assignment/],
  ['$json.a++', 0, /\+\+/],
  ['1, 2', 0, /sequence/],
  ['new Date()', 0, /new is not allowed/],
  ['this', 0, /this is not allowed/],
  ['1 & 2', 0, /operator &/],
  ['~1', 0, /operator ~/],
  ['"a" in $json', 0, /operator in/],
  ['void 0', 0, /operator void/],
  ['delete $json.a', 0, /operator delete/],
  ['1n', 0, /bigint/],
  ['({get a() { return 1 }})', 2, /getters/],
  ['({a() { return 1 }})', 2, /getters/],
  ['/(?=a)/', 0, /regular expression/],
  ['/(a)\\1/', 0, /regular expression/],
  ['/a/y', 0, /flag y/],
  ['/(?<constructor>a)/', 0, /group/],
  ['$json.#x', 6, /./],
  ['import("x")', 0, /import/],
  ['import.meta', 0, /not allowed/],
  ['super.x()', 0, /super/],
  ['super()', 0, /super/],
  [`${'('.repeat(101)}1${')'.repeat(101)}`, 100, /100 levels/],
  [`${'!'.repeat(4000)}1`, 100, /100 levels/],
  [`${'['.repeat(9000)}`, 0, /deeply|unexpected token/],
  [`"${'x'.repeat(10_000)}"`, 0, /longer than 10000 characters/],
];

describe('what cannot be compiled', () => {
  test.each(named(INVALID))('%s', (_, source, position, reason) => {
    const error = caught(() => compileExpression(source));
    expect(error.code).toBe('expression_invalid');
    expect(error.message).toMatch(reason);
    if (!source.startsWith('[[[')) expect(error.data).toEqual({ path: '', position });
    expect(error.message).toContain(`at position ${(error.data as { position: number }).position}`);
  });
});

const FAILING: [source: string, reason: RegExp][] = [
  ['$json.missing.map(x => x)', /undefined has no method map/],
  ['$json.nothing.trim()', /null has no method trim/],
  ['$json.a.trim()', /an object has no method trim/],
  ['$json.name.map(x => x)', /a text has no method map/],
  ['$json.yes.trim()', /a boolean has no method trim/],
  ['$json.zero.trim()', /a number has no method trim/],
  ['$json.list.trim()', /an array has no method trim/],
  ['$now.trim()', /a DateTime has no method trim/],
  ['($json.missing?.a).trim()', /undefined has no method/],
  ['[1].map(1)', /function such as/],
  ['[1].map()', /function such as/],
  ['[].reduce((a, b) => a)', /initial value/],
  ['[1].with(3, 1)', /inside the array/],
  ['"a".repeat(-1)', /count/],
  ['"a".repeat(Infinity)', /count/],
  ['"a".normalize("x")', /NFC/],
  ['"a".match("a")', /regular expression such as/],
  ['"a".search($json.a)', /not an object/],
  ['"a".matchAll(/a/)', /flag g/],
  ['"a".replaceAll(/a/, "")', /flag g/],
  ['"a".includes(/a/)', /not a regular expression/],
  ['(1).toFixed(101)', /from 0 to 100/],
  ['(1).toString(1)', /from 2 to 36/],
  ['/a/', /regular expression cannot be a result/],
  ['[/a/]', /regular expression cannot be a result/],
  ['JSON.parse("{")', /not JSON/],
  ['JSON.stringify(1, [])', /no replacer/],
  ['Object.keys(null)', /has no keys/],
  ['Object.fromEntries(1)', /array of/],
  ['Object.fromEntries([1])', /array of/],
  ['Object.groupBy(1, x => x)', /array and a function/],
  ['[...5]', /no elements/],
  ['[...$json.missing]', /undefined has no elements/],
  ['Array.from(null)', /null has no elements/],
  ['String.fromCodePoint(-1)', /code point/],
  ['encodeURIComponent("\\ud800")', /well formed/],
  ['$now.plus({nope: 1})', /unit of time/],
  ['$now.plus({days: "x"})', /not a number/],
  ['$now.plus(null)', /duration such as/],
  ['$now.set(1)', /fields such as/],
  ['$now.set({ordinal: 1, day: 1})', /do not make a date/],
  ['$now.set({minutes: 1})', /unit of time/],
  ['$now.startOf("nope")', /unit such as day/],
  ['$now.startOf(1)', /unit such as day/],
  ['$now.diff(1)', /DateTime or an ISO text/],
  ['$now.setZone("local")', /time zone is not known/],
  ['$now.setZone("no/where")', /time zone is not known/],
  ['$now.setZone("../../etc")', /not a name/],
  ['$now.setZone(1)', /not a name/],
  [`$now.toFormat("${'y'.repeat(101)}")`, /at most 100/],
  ['DateTime.fromObject({month: 1})', /year/],
  ['DateTime.fromFormat("1", "d")', /needs a year/],
  ['DateTime.fromFormat("1", "-")', /needs a year/],
  ['DateTime.fromFormat("1", "yyyy z")', /format field z/],
  ['DateTime.fromFormat("1", "y M y")', /once/],
  ['$secrets.GONE', /GONE is not set/],
];

describe('what fails at run time', () => {
  test.each(named(FAILING))('%s', (_, source, reason) => {
    const error = caught(() => run(source));
    expect(error.code).toBe(source.includes('GONE') ? 'secret_missing' : 'expression_failed');
    expect(error.message).toMatch(reason);
    if (!source.includes('GONE')) expect(error.message).toContain(source.slice(0, 150));
  });

  test('secrets and times that are not there', () => {
    expect(caught(() => run('$secrets.A', {})).message).toMatch(/secrets cannot be read here/);
    expect(caught(() => run('DateTime.now()', {})).message).toMatch(/time is not known/);
  });

  test('an error of the host says nothing of its message, which may quote a secret', () => {
    const env: Env = {
      secret: () => {
        throw new Error('hunter2');
      },
    };
    const error = caught(() => run('$secrets.A', env));
    expect(error.code).toBe('expression_failed');
    expect(JSON.stringify(error.toInfo())).not.toContain('hunter2');
  });

  test('a long source is shortened in the message', () => {
    const error = caught(() => run(`$json.missing.trim() + "${'x'.repeat(500)}"`));
    expect(error.message.length).toBeLessThan(300);
  });
});
