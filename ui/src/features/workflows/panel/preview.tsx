/** Below an expression: what it comes to with the data of the last run, as it is typed. */
import { useDeferredValue, useMemo } from 'react';
import { isExpression } from './config-schema.ts';
import { evaluate, kindOf, oneLine } from './evaluation.ts';
import { useScope } from './scope.ts';

interface PreviewProps {
  readonly value: unknown;
  readonly variables?: readonly string[] | undefined;
  /** The server has said already what is wrong. */
  readonly isFaulty: boolean;
}

export function Preview({ value, variables, isFaulty }: PreviewProps) {
  const { env, hasData, variables: known } = useScope();
  const late = useDeferredValue(value);
  const result = useMemo(() => evaluate(late, env, variables ?? known), [late, env, variables, known]);
  if (result.kind === 'constant') return null;
  if (result.kind === 'invalid' && isFaulty) return null;
  if (result.kind === 'invalid') return <Line tone="text-bad">{result.message}</Line>;
  if (!hasData && NEEDS_DATA.test(JSON.stringify(late) ?? ''))
    return <Line tone="text-faint">Run it once to see what this comes to.</Line>;
  if (env.$json === undefined && speaksOf(late, '$json') && known.includes('$json'))
    return <Line tone="text-faint">The last run has not come here: nothing is known of $json.</Line>;
  if (result.kind === 'failed') return <Line tone="text-warn">With the data of the last run: {result.message}</Line>;
  if (result.value === undefined) return <Line tone="text-warn">Nothing: the last run has no such value.</Line>;
  return (
    <Line tone="text-muted" title={isExpression(value) ? fullText(result.value) : undefined}>
      <span aria-hidden className="text-faint">
        ={' '}
      </span>
      <span className="font-mono [overflow-wrap:anywhere] text-ok">{oneLine(result.value)}</span>
      <span className="ml-1.5 whitespace-nowrap text-2xs text-faint">{kindOf(result.value)}</span>
    </Line>
  );
}

/** A secret is a name here, with a run or without. */
const NEEDS_DATA = /\$(?!secrets\b|now\b|vars\b)\w+/;

const speaksOf = (value: unknown, name: string): boolean => (JSON.stringify(value) ?? '').includes(name);

const LONGEST_TITLE = 2_000;
const fullText = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')).slice(0, LONGEST_TITLE);

function Line({
  tone,
  title,
  children,
}: {
  readonly tone: string;
  readonly title?: string | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <p role="status" title={title} className={`line-clamp-2 break-words text-xs ${tone}`}>
      {children}
    </p>
  );
}
