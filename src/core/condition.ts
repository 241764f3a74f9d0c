/** For config schemas: what is decided by true or false. A text would always hold, so only one whole `{{ }}` is taken. */
import { z } from 'zod';
import { VARIABLES } from './expression/env.ts';
import { isOneExpression, templateFaults } from './expression/index.ts';

export function checkCondition(value: unknown, context: z.RefinementCtx): void {
  const fault = conditionFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
}

export const condition = z.unknown().superRefine(checkCondition);

/** What is wrong with the text as a condition; undefined: nothing, or only what is wrong with its expression. */
function conditionFault(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) return 'needs a condition';
  if (typeof value !== 'string' || isOneExpression(value)) return undefined;
  if (!value.includes('{{')) return `is a plain text, which always holds; write it as {{ ${short(value)} }}`;
  // An unfinished expression is told with its position.
  if (templateFaults(value, VARIABLES).some(({ message }) => / at position \d+$/.test(message))) return undefined;
  return 'has text around {{ }}, so it always holds; put the whole condition between one {{ and one }}';
}

const short = (text: string): string => (text.length > 60 ? '…' : text.trim());
