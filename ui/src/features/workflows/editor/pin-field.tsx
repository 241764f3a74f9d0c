/** The output that tests take instead of running a node: typed here, or taken from the last run. */
import { lazy, Suspense, useState } from 'react';
import { useDraft } from '../../../components/draft.ts';
import { Loading } from '../../../components/loading.tsx';

const CodeEditor = lazy(() => import('../../../components/code-editor.tsx'));

interface PinFieldProps {
  /** Names it among the drafts of this browser. */
  readonly name: string;
  readonly isPinned: boolean;
  readonly value: unknown;
  readonly pin: (value: unknown) => void;
  readonly unpin: () => void;
}

/** Needs a new `key` for another node, and where the pin is set from elsewhere. */
export function PinField({ name, isPinned, value, pin, unpin }: PinFieldProps) {
  const draft = useDraft<string | undefined>(`pin.${name}`, undefined);
  const [text, setText] = useState(() => draft.value ?? (isPinned ? JSON.stringify(value, null, 2) : ''));
  const fault = faultOf(text);
  const change = (next: string) => {
    if (next === text) return;
    setText(next);
    if (faultOf(next) !== undefined) return draft.set(next);
    draft.clear();
    if (next.trim() === '') unpin();
    else pin(JSON.parse(next));
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="h-36 overflow-hidden rounded-md border border-line bg-raised focus-within:border-accent">
        <Suspense fallback={<Loading />}>
          <CodeEditor label="Pinned output as JSON" language="json" value={text} onChange={change} />
        </Suspense>
      </div>
      {fault === undefined ? (
        <p className="text-muted text-xs">
          {text.trim() === ''
            ? 'Write JSON, and tests take it as the output instead of running the node.'
            : 'Tests take it as the output and do not run the node. Executions know nothing of it.'}
        </p>
      ) : (
        <p role="alert" className="text-bad text-xs">
          {fault} Until it can be read, {isPinned ? 'the pin is what it was' : 'nothing is pinned'}.
        </p>
      )}
    </div>
  );
}

function faultOf(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `This is no JSON yet: ${(error as Error).message}.`;
  }
}
