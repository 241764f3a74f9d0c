/** Arrow functions, which are the expressions of a config: read once, as the builder calls them. */
import type { ArrowFunctionExpression } from 'acorn';
import { type Arrow, toTemplate } from './arrow.ts';
import { attempt } from './attempt.ts';
import type { Reading } from './reading.ts';
import { refuse, refuseSyntax } from './unreadable.ts';

/** Gives what the builder takes for an arrow function: one that returns the text which was read. */
export function readArrow(node: ArrowFunctionExpression, reading: Reading): Arrow {
  const { params, body } = node;
  const [parameter] = params;
  if (reading.arrow !== undefined) refuse('a function inside of an expression is written with $.expr`…`', node);
  if (node.async || params.length > 1 || body.type === 'BlockStatement') refuseSyntax(node);
  if (parameter !== undefined && parameter.type !== 'Identifier') {
    refuse('an expression takes `$` alone: ($) => $.json.name', parameter);
  }
  const text = attempt(body, () =>
    toTemplate((scope) => reading.read(body, { ...reading, arrow: { parameter: parameter?.name, scope } })),
  );
  reading.sizes.charge(text.length, node);
  const arrow = () => text;
  reading.sizes.set(arrow, reading.sizes.of(text));
  return arrow;
}
