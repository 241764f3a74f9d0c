/** What a model says at this moment, token by token; gone when the answer is in the conversation. */
import { Sparkles } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { StreamEventAnswer } from '../../../../src/contract/executions.ts';
import { followTokens } from '../../api/tokens.ts';

/** An object is for the nodes that follow, not for who reads. */
const OBJECT = /^\s*[[{]/;

export function LiveText({ executionId }: { readonly executionId: string }) {
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    setTexts(new Map());
    return followTokens(executionId, (event) => setTexts((before) => told(before, event)));
  }, [executionId]);
  return (
    <div aria-live="polite">
      {[...texts].map(([path, text]) =>
        OBJECT.test(text) ? null : (
          <div key={path} className="flex gap-2.5 rounded-lg px-3 py-2">
            <span className="flex size-6 shrink-0 animate-pulse items-center justify-center rounded-md bg-info-soft text-info">
              <Sparkles size={14} />
            </span>
            <p className="whitespace-pre-wrap break-words">{text}</p>
          </div>
        ),
      )}
    </div>
  );
}

/** Texts of calls that go on, by path. */
function told(before: ReadonlyMap<string, string>, event: StreamEventAnswer): ReadonlyMap<string, string> {
  const after = new Map(before);
  if (event.type === 'token') after.set(event.path, (before.get(event.path) ?? '').slice(0, event.offset) + event.text);
  else if (event.type === 'reset') after.delete(event.path);
  else if (event.type === 'call' && event.state !== 'started') after.delete(event.path);
  else if (event.type === 'end') after.clear();
  return after;
}
