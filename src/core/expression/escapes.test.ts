// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources of expressions are texts
/** Ways out that were found in products of this kind, and every other one we could think of (rule R1). */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { MyelinError } from '../errors.ts';
import type { Env } from './env.ts';
import { compileExpression, compileTemplate } from './index.ts';

const hostile = JSON.parse(
  '{"__proto__": {"polluted": true}, "constructor": {"name": "x"}, "toString": "t", "valueOf": 1}',
);

class Host {
  secret = 'inside';
  leak(): string {
    return this.secret;
  }
}

const ENV: Env = {
  $json: {
    text: 'text',
    list: [1, 2, 3],
    object: { a: 1 },
    key: 'constructor',
    proto: '__proto__',
    half: 'constr',
    keys: ['constructor', ['__proto__'], 'prototype'],
    toJSON: 'own',
    hostile,
    long: 'a'.repeat(1_000_000),
    host: new Host(),
    map: new Map([['a', 1]]),
    call: () => 'called',
    symbol: Symbol('s'),
    big: 1n,
    date: new Date(0),
  },
  $now: 0,
  node: (id) => ({ id }),
};

type Outcome = 'invalid' | 'failed' | 'limit' | { readonly value: unknown };
const nothing: Outcome = { value: undefined };

const ATTEMPTS: [source: string, outcome: Outcome][] = [
  // Constructors and prototypes, written out
  ['$json.constructor', 'invalid'],
  ['"".constructor.constructor("return process")()', 'invalid'],
  ['[].constructor', 'invalid'],
  ['(1).constructor', 'invalid'],
  ['[]["constructor"]', 'invalid'],
  ['$json?.constructor', 'invalid'],
  ['$json?.["constructor"]', 'invalid'],
  ['$json.__proto__', 'invalid'],
  ['$json["__proto__"]', 'invalid'],
  ['$json.prototype', 'invalid'],
  ['$json.\\u0063onstructor', 'invalid'],
  ['$json["\\u0063onstructor"]', 'invalid'],
  ['$json["\\x63onstructor"]', 'invalid'],
  ['$json.\\u{63}onstructor', 'invalid'],
  ['[].map.constructor("return 1")()', 'invalid'],
  ['[1].map(x => x.constructor)', 'invalid'],
  ['[1].map(({constructor}) => constructor)', 'invalid'],
  ['[1].map(({constructor: c}) => c)', 'invalid'],
  ['[1].map(({"__proto__": p}) => p)', 'invalid'],
  ['[1].map(constructor => 1)', 'invalid'],
  ['Math.constructor', 'invalid'],
  ['Math.constructor("return 1")()', 'invalid'],
  ['Object.prototype', 'invalid'],
  ['Array.prototype.map', 'invalid'],
  ['String.constructor("1")', 'invalid'],
  ['$now.constructor', 'invalid'],
  ['/a/.constructor', 'invalid'],
  ['$node.constructor', 'invalid'],
  ['$secrets.__proto__', 'invalid'],
  ['`${[].constructor}`', 'invalid'],
  ['[...[].constructor]', 'invalid'],
  ['$json.list.constructor()', 'invalid'],
  // Keys made at run time
  ['$json[$json.key]', 'failed'],
  ['$json[$json.proto]', 'failed'],
  ['$json[$json.half + "uctor"]', 'failed'],
  ['"".at["constr" + "uctor"]', 'failed'],
  ['[]["constr" + "uctor"]["constr" + "uctor"]', 'failed'],
  ['[][["constructor"]]', 'failed'],
  ['[][[["__proto__"]]]', 'failed'],
  ['$json[`${"__pro"}to__`]', 'failed'],
  ['$json["rotcurtsnoc".split("").reverse().join("")]', 'failed'],
  ['$json[String.fromCharCode(99, 111) + "nstructor"]', 'failed'],
  ['$json["CONSTRUCTOR".toLowerCase()]', 'failed'],
  ['$json["xconstructor".slice(1)]', 'failed'],
  ['$json.keys.map(k => $json[k])', 'failed'],
  ['$json.keys.reduce((at, k) => at[k], "")', 'failed'],
  ['$node[$json.key]', 'failed'],
  ['$now[$json.key]', 'failed'],
  ['({[$json.key]: 1})', 'failed'],
  ['({[$json.proto]: {a: 1}})', 'failed'],
  ['({["__proto__"]: {polluted: 1}})', 'failed'],
  ['Object.hasOwn({}, $json.key)', 'failed'],
  // Keys in literals, and objects made by functions
  ['({__proto__: {polluted: 1}})', 'invalid'],
  ['({"__proto__": {polluted: 1}})', 'invalid'],
  ['({constructor: 1})', 'invalid'],
  ['Object.fromEntries([["__proto__", {polluted: 1}]])', 'failed'],
  ['Object.fromEntries([[["constructor"], 1]])', 'failed'],
  ['Object.groupBy([1], x => "__proto__")', 'failed'],
  ['Object.assign({}, JSON.parse("{\\"__proto__\\": {\\"polluted\\": 1}}"))', 'failed'],
  ['JSON.parse("{\\"a\\": {\\"constructor\\": 1}}")', 'failed'],
  ['JSON.parse("[1]", (key, value) => value)', 'invalid'],
  ['({...$json.hostile})', 'failed'],
  ['Object.assign({}, $json.hostile)', 'failed'],
  ['Object.entries($json.hostile).length', { value: 4 }],
  ['[$json.hostile]', 'failed'],
  ['({get a() { return 1 }})', 'invalid'],
  ['({set a(x) {}})', 'invalid'],
  ['({toString() { return "x" }})', 'invalid'],
  ['({toString: () => "x"})', 'invalid'],
  ['`${{toString: 1}}`', { value: '[object Object]' }],
  ['`${$json.hostile}`', { value: '[object Object]' }],
  ['+$json.hostile', { value: Number.NaN }],
  ['$json.hostile + ""', { value: '[object Object]' }],
  ['$json.hostile == "t"', { value: false }],
  ['JSON.stringify({toJSON: $json.toJSON})', { value: '{"toJSON":"own"}' }],
  ['({[Symbol.iterator]: 1})', 'invalid'],
  ['[...{length: 1, 0: 1}]', 'failed'],
  // Functions and what calls them
  ['Function("return 1")()', 'invalid'],
  ['eval("1")', 'invalid'],
  ['(function () { return this })()', 'invalid'],
  ['(() => this)()', 'invalid'],
  ['(() => 1)()', 'invalid'],
  ['(async () => 1)()', 'invalid'],
  ['[1].map(function () { return this })', 'invalid'],
  ['[1].map(x => { return globalThis })', 'invalid'],
  ['[1].map(x => this)', 'invalid'],
  ['[1].map(() => arguments)', 'invalid'],
  ['[1].map(() => arguments.callee)', 'invalid'],
  ['[1].map((x = Function("return 1")()) => x)', 'invalid'],
  ['[1].map(({a = this}) => a)', 'invalid'],
  ['[1].map(eval)', 'invalid'],
  ['[1].map(Math[$json.key])', 'invalid'],
  ['[1].map(Math["constr" + "uctor"])', 'invalid'],
  ['["return 1"].map(Function)', 'invalid'],
  ['[1].map([].map)', 'failed'],
  ['[1].map($json.call)', 'failed'],
  ['[1].reduce("".constructor)', 'invalid'],
  ['[1].map.call([2], x => x)', 'invalid'],
  ['[1].map.apply([2], [x => x])', 'invalid'],
  ['[1].map.bind([2])', 'invalid'],
  ['$json.call()', 'invalid'],
  ['$json.list["map"](x => x)', { value: [1, 2, 3] }],
  ['$json.list[$json.key](x => x)', 'invalid'],
  ['$json.list?.["constr" + "uctor"]?.("x")', 'invalid'],
  ['$json.call?.()', 'invalid'],
  ['($json.call)()', 'invalid'],
  ['($json, $json.call)()', 'invalid'],
  ['(f => f(f))(f => f(f))', 'invalid'],
  ['[f => f(f)].map(f => f(f))', 'invalid'],
  ['[1].map(f => f(f))', 'invalid'],
  ['[1].concat(x => x)', 'invalid'],
  ['[1].with(0, x => x)', 'invalid'],
  ['"a".padStart(5, x => x)', 'invalid'],
  ['Object.assign({}, {a: x => x})', 'invalid'],
  ['[Math.max]', 'invalid'],
  ['[1].map(x => y => x)', 'invalid'],
  ['"a".at', nothing],
  ['[].map', nothing],
  ['$json.toString', nothing],
  ['$json.hasOwnProperty', nothing],
  ['$json.object.__defineGetter__', nothing],
  ['$json.object.__lookupGetter__("a")', 'invalid'],
  ['$json.list.push(4)', 'invalid'],
  ['$json.list.__proto__.push(4)', 'invalid'],
  // Classes, tags, modules and other syntax
  ['class extends Object {}', 'invalid'],
  ['new (class extends Function {})("return 1")()', 'invalid'],
  ['new Function("return 1")', 'invalid'],
  ['new $json.host.constructor()', 'invalid'],
  ['String.raw`x`', 'invalid'],
  ['Function`return 1```', 'invalid'],
  ['[].map`x`', 'invalid'],
  ['$json.call`x`', 'invalid'],
  ['import("node:fs")', 'invalid'],
  ['import.meta.url', 'invalid'],
  ['await 1', 'invalid'],
  ['yield', 'invalid'],
  ['super.x', 'invalid'],
  ['new.target', 'invalid'],
  ['debugger', 'invalid'],
  ['while (true) {}', 'invalid'],
  ['throw 1', 'invalid'],
  ['{ let a = 1 }', 'invalid'],
  ['$json.list.length = 0', 'invalid'],
  ['[$json.a] = [1]', 'invalid'],
  ['({a: $json.a} = {a: 1})', 'invalid'],
  ['$json.a ??= 1', 'invalid'],
  ['delete $json.text', 'invalid'],
  ['"a" in $json', 'invalid'],
  ['$json instanceof Object', 'invalid'],
  ['1; process.exit()', 'invalid'],
  ['1 }} {{ process', 'invalid'],
  ['<!-- x', 'invalid'],
  // Names of the host
  ...['process', 'globalThis', 'global', 'window', 'require("fs")', 'module', 'exports', 'Reflect', 'Proxy'].map(
    (source): [string, Outcome] => [source, 'invalid'],
  ),
  ...['Symbol', 'Promise', 'WebAssembly', 'SharedArrayBuffer', 'setTimeout', 'fetch', 'Buffer', 'Error', 'console'].map(
    (source): [string, Outcome] => [source, 'invalid'],
  ),
  ['Object', 'invalid'],
  ['[Object]', 'invalid'],
  ['Object.getPrototypeOf($json)', 'invalid'],
  ['Object.setPrototypeOf($json, null)', 'invalid'],
  ['Object.defineProperty($json, "a", {})', 'invalid'],
  ['Object.getOwnPropertyDescriptor($json, "a")', 'invalid'],
  ['Object.getOwnPropertySymbols($json)', 'invalid'],
  ['Object.create(null)', 'invalid'],
  ['Object.freeze($json)', 'invalid'],
  ['Symbol.iterator', 'invalid'],
  ['Error.captureStackTrace({})', 'invalid'],
  ['Error().stack', 'invalid'],
  ['Date()', 'invalid'],
  ['RegExp("a")', 'invalid'],
  // Inside of our own values
  ['$now.inner', nothing],
  ['$now["#inner"]', nothing],
  ['$now.ts', nothing],
  ['$now.zone', nothing],
  ['$now.loc', nothing],
  ['$now._zone', nothing],
  ['$now.methods', nothing],
  ['$now.member', nothing],
  ['$now.kind', nothing],
  ['$now.reconfigure({})', 'invalid'],
  ['$now.toJSDate()', 'invalid'],
  ['$now.toLocaleString()', 'invalid'],
  ['Duration.fromObject({days: 1}).values', nothing],
  ['Duration.fromObject({days: 1}).conversionAccuracy', nothing],
  ['Object.keys($now)', { value: [] }],
  ['Object.values(/a/)', { value: [] }],
  ['({...$now})', { value: {} }],
  ['DateTime.fromObject({year: 2026, __proto__: 1})', 'invalid'],
  ['$now.plus({toString: 1})', 'failed'],
  ['$now.plus($json.hostile)', 'failed'],
  ['$now.setZone("system")', 'failed'],
  ['$now.setZone({name: "x"})', 'failed'],
  ['DateTime.Settings', 'invalid'],
  ['/a/.re2Input', nothing],
  ['/a/.patternInput', nothing],
  ['/a/.global', nothing],
  ['/a/.lastIndex', nothing],
  ['[/a/]', 'failed'],
  ['"a".match(/a/).input', nothing],
  ['"a".replace(/a/, (...all) => all)', 'invalid'],
  ['"a".replace("a", x => x.constructor)', 'invalid'],
  ['"a".match(/(?<__proto__>a)/)', 'invalid'],
  ['"a".match({exec: 1})', 'failed'],
  ['"a".split({[Symbol.split]: 1})', 'invalid'],
  ['"a".replace({toString: 1}, "x")', { value: 'a' }],
  ['[3, 1].sort((a, b) => a.constructor)', 'invalid'],
  ['[3, 1].sort((a, b) => ({}))', { value: [3, 1] }],
  ['[[2], [1]].sort()', { value: [[1], [2]] }],
  // Host objects that should not be in the data at all
  ['$json.host.secret', nothing],
  ['$json.host.leak', nothing],
  ['$json.host', 'failed'],
  ['[$json.host]', 'failed'],
  ['`${$json.host}`', 'failed'],
  ['$json.host + ""', 'failed'],
  ['+$json.host', 'failed'],
  ['({...$json.host})', { value: {} }],
  ['Object.keys($json.host)', { value: [] }],
  ['JSON.stringify($json.host)', 'failed'],
  ['$json.map.size', nothing],
  ['$json.map.get("a")', 'invalid'],
  ['$json.date', 'failed'],
  ['$json.date.getTime()', 'invalid'],
  ['$json.call', 'failed'],
  ['[$json.call]', 'failed'],
  ['`${$json.call}`', 'failed'],
  ['+$json.call', 'failed'],
  ['$json.call.name', nothing],
  ['$json.symbol', 'failed'],
  ['`${$json.symbol}`', 'failed'],
  ['+$json.symbol', 'failed'],
  ['$json.big', 'failed'],
  ['+$json.big', 'failed'],
  // Time and memory
  ['"a".repeat(1e9)', 'limit'],
  ['"a".repeat(2 ** 53)', 'limit'],
  ['"a".padStart(1e9)', 'limit'],
  ['"a".padEnd(1e9, "bc")', 'limit'],
  ['[...$json.long, ...$json.long]', 'limit'],
  ['Array.from({length: 1e9})', 'limit'],
  ['Array.from({length: 1e9}, x => x)', 'limit'],
  ['Array(1e9)', 'invalid'],
  ['Array.from($json.long)', 'limit'],
  ['$json.long.split("")', 'limit'],
  ['$json.long.split(/(?:)/)', 'limit'],
  ['$json.long.match(/a/g)', 'limit'],
  ['$json.long + $json.long', 'limit'],
  ['`${$json.long}${$json.long}`', 'limit'],
  ['$json.long.concat($json.long)', 'limit'],
  ['[$json.long, $json.long].join()', 'limit'],
  ['$json.long.replaceAll("a", "bc")', 'limit'],
  ['$json.long.replace("a", "$\'$\'$\'")', 'limit'],
  ['$json.long.replace(/a/g, x => x + x)', 'limit'],
  ['encodeURIComponent($json.long)', 'limit'],
  ['JSON.stringify([$json.long, $json.long])', 'limit'],
  ['JSON.stringify("\\u0000".repeat(500000))', 'limit'],
  ['JSON.stringify(Array.from({length: 9999}, () => [[[[[[[]]]]]]]), null, 10)', 'limit'],
  ['Array.from({length: 17}, () => $json.long)', 'limit'],
  ['Array.from({length: 300}).flatMap(() => Array.from({length: 999}))', 'limit'],
  ['Array.from({length: 500}, () => Array.from({length: 500})).flat()', 'limit'],
  ['Array.from({length: 99}).reduce(all => [...all, ...all], [1])', 'limit'],
  ['Array.from({length: 99}).reduce(all => all.concat(all), [1])', 'limit'],
  ['Array.from({length: 99}).reduce(all => all + all, "x")', 'limit'],
  ['Array.from({length: 99}).reduce(all => `${all}${all}`, "x")', 'limit'],
  ['Array.from({length: 99}).reduce(all => [all, all], 1)', 'limit'],
  ['Array.from({length: 999}).reduce(all => [all], 1)', 'limit'],
  ['Array.from({length: 999}).reduce(all => [all], 1) + ""', 'limit'],
  ['`${Array.from({length: 999}).reduce(all => [all], 1)}`', 'limit'],
  ['Array.from({length: 25}).reduce(all => ({a: all, b: all}), 1)', 'limit'],
  ['Array.from({length: 999}, (_, i) => Array.from({length: 999}, (_, j) => i * j)).length', 'limit'],
  ['Array.from({length: 99999}).map(x => Array.from({length: 99999}))', 'limit'],
  ['Array.from({length: 99999}).map((x, i, all) => all.map(y => y))', 'limit'],
  ['Array.from({length: 99999}, () => $json.long.toUpperCase().length)', 'limit'],
  ['Array.from({length: 9999}, () => $json.long.indexOf("b"))', 'limit'],
  ['Array.from({length: 9999}, () => $json.long === $json.long + "")', 'limit'],
  ['Array.from({length: 9999}, () => /b/.test($json.long))', 'limit'],
  ['Array.from({length: 9999}, () => $json[$json.long])', 'limit'],
  ['Array.from({length: 9999}, () => +$json.long)', 'limit'],
  ['Array.from({length: 9999}, () => [$json.long, $json.long + "b"].sort()[0].length)', 'limit'],
  ['Array.from({length: 9999}, () => $json.long < $json.long + "b")', 'limit'],
  [
    'Array.from({length: 9999}, () => JSON.parse("[1,2,3,4,5,6,7,8,9,0]".repeat(1)))',
    { value: Array.from({ length: 9999 }, () => [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]) },
  ],
  [`JSON.parse("${'['.repeat(4000)}" + "${']'.repeat(4000)}")`, 'limit'],
  ['$json.long.toUpperCase().normalize("NFKD").length', { value: 1_000_000 }],
  // Catastrophic patterns
  ['/(a+)+b/.test($json.long)', { value: false }],
  ['/(a|a)*b/.test($json.long.slice(0, 50000))', { value: false }],
  ['/(.*)(.*)(.*)(.*)b/.test($json.long.slice(0, 50000))', { value: false }],
  ['$json.long.split(/(a*b)|a/)', 'limit'],
  ['/((a{0,100}){0,100}){0,100}/.test("a")', 'invalid'],
  ['DateTime.fromFormat("1".repeat(99), "yMyMyMyMyMyMyMyM")', 'failed'],
];

const CODES = { invalid: 'expression_invalid', failed: 'expression_failed', limit: 'expression_limit' } as const;

function attempt(source: string, env = ENV): unknown {
  try {
    return compileExpression(source).evaluate(env);
  } catch (error) {
    return error;
  }
}

describe('no way out', () => {
  test.each(ATTEMPTS.map(([source, outcome]) => [source.slice(0, 80), source, outcome] as const))(
    '%s',
    (_, source, outcome) => {
      const result = attempt(source);
      if (typeof outcome === 'object') {
        expect(result).toEqual(outcome.value);
        return;
      }
      expect(result).toBeInstanceOf(MyelinError);
      expect((result as MyelinError).code).toBe(CODES[outcome]);
      expect((result as MyelinError).message.length).toBeGreaterThan(20);
    },
  );

  test('the same in a template', () => {
    expect(() => compileTemplate('{{ $json.constructor }}')).toThrow(MyelinError);
    expect(() => compileTemplate('{{ 1 }}').resolve(ENV)).not.toThrow();
    expect(() => compileTemplate('x{{ $json["constr" + "uctor"] }}').resolve(ENV)).toThrow(MyelinError);
  });
});

/** True when everything in `value` is null, a primitive of JSON (or undefined), a plain object or an array of such. */
function isData(value: unknown): boolean {
  if (value === null || ['undefined', 'string', 'number', 'boolean'].includes(typeof value)) return true;
  if (typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype && value.every(isData);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Reflect.ownKeys(value).every((key) => {
    const { get, value: inner } = Object.getOwnPropertyDescriptor(value, key)!;
    return typeof key === 'string' && get === undefined && isData(inner);
  });
}

describe('generated expressions', () => {
  const canary = Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).length;
  const before = JSON.stringify(hostile);
  /** Host objects stand one level down: a variable as a whole is the engine's own data and is not walked. */
  const { host, call, map, symbol, big, date, long, ...plain } = ENV.$json as Record<string, unknown>;
  const env: Env = { ...ENV, $json: plain, $vars: { host, call, map, symbol, big, date } };
  afterAll(() => {
    expect(Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).length).toBe(canary);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.stringify(hostile)).toBe(before);
  });

  const words = [
    ...[
      'constructor',
      '__proto__',
      'prototype',
      'toString',
      'valueOf',
      'length',
      'a',
      'text',
      'list',
      'key',
      'host',
      'call',
    ],
    ...[
      'hostile',
      'date',
      'map',
      'filter',
      'reduce',
      'sort',
      'join',
      'split',
      'replace',
      'replaceAll',
      'match',
      'matchAll',
    ],
    ...[
      'at',
      'concat',
      'flat',
      'flatMap',
      'slice',
      'plus',
      'toISO',
      'diff',
      'set',
      'test',
      'repeat',
      'padStart',
      'keys',
    ],
    ...[
      'entries',
      'fromEntries',
      'assign',
      'from',
      'parse',
      'stringify',
      'groupBy',
      'apply',
      'call',
      'bind',
      'index',
      'groups',
    ],
  ];
  const name = fc.constantFrom(...words);
  const root = fc.constantFrom(
    ...[
      '$json',
      '$now',
      '$item',
      '"a"',
      '""',
      '1',
      '[]',
      '({})',
      '[1, "b", [2]]',
      '/a(b)?/g',
      '/./',
      'null',
      'undefined',
    ],
    ...[
      '$json.list',
      '$json.text',
      '$json.object',
      '$json.hostile',
      '$json.key',
      '$json.proto',
      '1e9',
      '-1',
      '"__proto__"',
    ],
    ...['"constructor"', '$vars.host', '$vars.call', '$vars.date', '$vars.symbol', '$vars.big', '$vars.map', '$node.x'],
  );
  const space = fc.constantFrom(
    'Math',
    'Object',
    'Array',
    'JSON',
    'String',
    'Number',
    'DateTime',
    'Function',
    'this',
    'x',
  );
  const alien = fc.constantFrom('this', 'process', 'Function', 'Object', '$secrets', '$node', 'x', 'y', 'arguments');
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      { arbitrary: root, weight: 6 },
      alien,
      fc.tuple(tie('tree'), name).map(([a, key]) => `${a}.${key}`),
      fc.tuple(tie('tree'), name).map(([a, key]) => `${a}?.${key}`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, key]) => `${a}[${key}]`),
      fc.tuple(tie('tree'), name, fc.array(tie('tree'), { maxLength: 3 })).map(([a, m, args]) => `${a}.${m}(${args})`),
      fc.tuple(tie('tree'), name, tie('tree')).map(([a, m, body]) => `${a}.${m}(x => ${body})`),
      fc.tuple(tie('tree'), name, tie('tree')).map(([a, m, body]) => `${a}.${m}(1, ([x, {y}]) => ${body})`),
      fc.tuple(space, name, tie('tree')).map(([a, m, arg]) => `${a}.${m}(${arg})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} + ${b})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} == ${b})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} ?? ${b})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `({[${a}]: ${b}})`),
      fc.tuple(name, tie('tree')).map(([key, a]) => `({${key}: ${a}})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `[...${a}, ${b}]`),
      tie('tree').map((a) => `({...${a}})`),
      tie('tree').map((a) => `\`\${${a}}\``),
      tie('tree').map((a) => `(${a})()`),
    ),
  }));

  test('yield plain data or throw a MyelinError', () => {
    let evaluated = 0;
    fc.assert(
      fc.property(tree, (source) => {
        const result = attempt(source, env);
        if (result instanceof MyelinError) return;
        evaluated++;
        expect(result).not.toBeInstanceOf(Error);
        expect(isData(result)).toBe(true);
      }),
      { numRuns: 8_000 },
    );
    expect(evaluated).toBeGreaterThan(500);
  });

  test('also where the source is mere noise', () => {
    const token = fc.constantFrom(
      ...[
        '$json',
        '.',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '`',
        '${',
        '"',
        "'",
        '=>',
        '?.',
        '...',
        ',',
        ':',
        '?',
        '+',
        '!',
        '/',
        '\\',
      ],
      ...[
        'a',
        'constructor',
        '1',
        '{{',
        '}}',
        '/*',
        '*/',
        '//',
        '\n',
        ' ',
        '\u2028',
        '\u0000',
        '#',
        '@',
        '??',
        '=',
        'new',
        'async',
      ],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 24 }), (tokens) => {
        const source = tokens.join('');
        const result = attempt(source, env);
        if (!(result instanceof MyelinError)) expect(isData(result)).toBe(true);
        try {
          compileTemplate(`a {{ ${source} }} b`).resolve(env);
        } catch (error) {
          expect(error).toBeInstanceOf(MyelinError);
        }
      }),
      { numRuns: 4_000 },
    );
  });
});
