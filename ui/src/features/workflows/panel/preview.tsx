/** Below an expression: what it comes to with the data of the last run, as it is typed. */
import { useDeferredValue, useMemo } from 'react';
import { isExpression } from './config-schema.ts';
import { evaluate, kindOf, oneLine } from './evaluation.ts';
import { useScope } from './scope.ts';

export function Preview({ value, variables }: { readonly value: unknown; readonly variables?: readonly string[] }) {
  const { env, hasData, variables: known } = useScope();
  const late = useDeferredValue(value);
  const result = useMemo(() => evaluate(late, env, variables ?? known), [late, env, variables, known]);
  if (result.kind === 'constant') return null;
  if (result.kind === 'invalid') return <Line tone="text-bad">{result.message}</Line>;
  if (!hasData) return <Line tone="text-faint">Run it once to see what this comes to.</Line>;
  if (result.kind === 'failed') return <Line tone="text-warn">With the data of the last run: {result.message}</Line>;
  if (result.value === undefined) return <Line tone="text-warn">Nothing: the last run has no such value.</Line>;
  return (
    <Line tone="text-muted" title={isExpression(value) ? fullText(result.value) : undefined}>
      <span aria-hidden className="text-faint">
        ={' '}
      </span>
      <span className="font-mono text-ok">{oneLine(result.value)}</span>
      <span className="ml-1.5 text-2xs text-faint">{kindOf(result.value)}</span>
    </Line>
  );
}

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
    <p role="status" title={title} className={`line-clamp-2 break-all text-xs ${tone}`}>
      {children}
    </p>
  );
}
