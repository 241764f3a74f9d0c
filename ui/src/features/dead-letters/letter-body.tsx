/** What a letter says, from the error down to its history. */
import { Lightbulb } from 'lucide-react';
import type { DeadLetter } from '../../../../src/contract/dead-letters.ts';
import { JsonView } from '../../components/json-view.tsx';
import { Panel } from '../../components/page.tsx';
import { Hint } from '../../components/schema/hint.tsx';
import { Badge } from '../../components/status.tsx';
import { CATEGORY_WORDS } from './categories.ts';
import { LetterFacts } from './letter-facts.tsx';
import { LetterHistory } from './letter-history.tsx';
import { LetterInput } from './letter-input.tsx';
import { LetterPayload } from './letter-payload.tsx';
import { LetterVersion } from './letter-version.tsx';

export function LetterBody({ letter }: { readonly letter: DeadLetter }) {
  const { error, category, action, executionId, path, source } = letter;
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <section className="flex flex-col gap-2 rounded-lg border border-line bg-panel p-4">
        <h2 className="whitespace-pre-wrap break-words font-medium text-base">{error.message}</h2>
        <p className="flex flex-wrap items-center gap-2 text-muted text-xs">
          <a className="font-mono hover:underline" href={`/docs/errors#${error.code}`} target="_blank" rel="noreferrer">
            {error.code}
          </a>
          <Badge tone={error.kind === 'transient' ? 'warn' : 'bad'}>
            {error.kind === 'transient' ? 'may pass by itself' : 'does not pass by itself'}
          </Badge>
          <Badge>{CATEGORY_WORDS[category].name}</Badge>
          <span className="text-faint">{CATEGORY_WORDS[category].about}</span>
        </p>
        <p className="flex items-start gap-2">
          <Lightbulb size={15} className="mt-0.5 shrink-0 text-warn" />
          <span className="min-w-0 break-words">
            <Hint text={action} />
          </span>
        </p>
        {error.data !== undefined && error.data !== null && (
          <details>
            <summary className="text-muted text-xs hover:text-text">What came with the error</summary>
            <div className="mt-2">
              <JsonView value={error.data} />
            </div>
          </details>
        )}
      </section>
      <LetterVersion letter={letter} />
      <LetterFacts letter={letter} />
      <LetterPayload letter={letter} />
      {executionId !== null && path !== null && (
        <LetterInput executionId={executionId} path={path} failedAt={letter.failedAt} />
      )}
      {source === 'execution' && executionId !== null ? (
        <LetterHistory letter={letter} executionId={executionId} />
      ) : (
        <Panel title="History">
          {letter.attempts} {letter.attempts === 1 ? 'delivery' : 'deliveries'}, {letter.retries} tried again by hand.
        </Panel>
      )}
    </div>
  );
}
