/** The words of a model as they come. */
import { Sparkles } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { useSayings } from './use-sayings.ts';
import { useRun } from './view.tsx';

/** Of the node, and of all inside of it. */
export function Said({ path }: { readonly path: string }) {
  const { execution, at } = useRun();
  const sayings = useSayings(execution.id, !hasEnded(execution.status) && at === undefined);
  const here = [...sayings].filter(([place, { text, isOver }]) => {
    const isInside = place === path || place.startsWith(`${path}[`);
    return isInside && (text !== '' || !isOver);
  });
  if (here.length === 0) return null;
  return (
    <section aria-label="What the model says" className="space-y-2">
      {here.map(([place, { text, model, isOver }]) => (
        <div key={place} className="rounded-md border border-line bg-ground px-3 py-2">
          <p className="flex items-center gap-1.5 text-faint text-xs">
            <Sparkles size={12} className={isOver ? '' : 'animate-pulse text-accent'} />
            {place} {model && `· ${model}`}
          </p>
          <Text text={text} isOver={isOver} />
        </div>
      ))}
    </section>
  );
}

function Text({ text, isOver }: { readonly text: string; readonly isOver: boolean }) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text !== '') box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [text]);
  return (
    <p ref={box} className="mt-1 max-h-48 overflow-auto whitespace-pre-wrap break-words">
      {text}
      {!isOver && <span className="ml-0.5 inline-block h-3.5 w-1.5 animate-pulse bg-accent align-middle" />}
    </p>
  );
}
