/**
 * How many expressions one core evaluates in a second: the yardstick `$json.a.b + 1` and three from real workflows.
 * Run: `node bench/expression.ts`.
 */
import { pathToFileURL } from 'node:url';
import { compileExpression } from '../src/core/expression/index.ts';

const ENV = {
  $json: {
    a: { b: 41 },
    severity: 'critical',
    score: 0.92,
    user: { first: 'Ada', last: 'Lovelace' },
    items: Array.from({ length: 10 }, (_, id) => ({ id, price: id * 10, name: `item ${id}` })),
  },
  $now: 1_767_323_045_000,
};

const EXPRESSIONS: Readonly<Record<string, string>> = {
  path: '$json.a.b + 1',
  condition: "$json.severity === 'critical' && $json.score > 0.9",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of an expression
  text: '`Dear ${$json.user.first.trim()} ${$json.user.last.toUpperCase()}`',
  list: '$json.items.filter(item => item.price > 30).map(({ id, name }) => ({ id, name }))',
};

export interface ExpressionBench {
  readonly name: string;
  readonly source: string;
  readonly perSecond: number;
}

/** Evaluations per second of each expression, each measured for about `milliseconds` (default 500) when warm. */
export function benchExpression(milliseconds = 500): ExpressionBench[] {
  return Object.entries(EXPRESSIONS).map(([name, source]) => ({
    name,
    source,
    perSecond: measure(source, milliseconds),
  }));
}

function measure(source: string, milliseconds: number): number {
  const expression = compileExpression(source);
  const round = (): void => {
    for (let i = 0; i < 1_000; i++) expression.evaluate(ENV);
  };
  for (let i = 0; i < 50; i++) round();
  const start = performance.now();
  let rounds = 0;
  let taken = 0;
  while (taken < milliseconds) {
    round();
    rounds++;
    taken = performance.now() - start;
  }
  return Math.round((rounds * 1_000_000) / taken);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { source, perSecond } of benchExpression()) {
    console.log(`${perSecond.toLocaleString('en-US').padStart(12)} /s  ${source}`);
  }
}
