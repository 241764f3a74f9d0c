/** How many expressions one core evaluates, in this process. */
import { benchExpression } from '../expression.ts';
import { figure } from '../figure.ts';
import type { Scenario } from '../scenario.ts';

export const expressions: Scenario = {
  id: 'expression',
  run: async () => ({
    id: 'expression',
    title: 'evaluations on one core',
    figures: benchExpression().map(({ name, source, perSecond }) =>
      figure(
        name === 'path' ? source : `a ${name}`,
        perSecond,
        '/s',
        name === 'path' ? { atLeast: 1_000_000 } : undefined,
      ),
    ),
  }),
};
