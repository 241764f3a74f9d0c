/** An error as one can act on it: what it says, its code, where it came up, what to do about it. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Execution } from '../../../../../src/contract/executions.ts';
import { ERRORS } from '../../../../../src/core/errors.ts';
import { JsonView } from '../../../components/json-view.tsx';

type ErrorInfo = NonNullable<Execution['error']>;

interface FailureProps {
  readonly error: ErrorInfo;
  /** Address of the node, and what leads to it. */
  readonly path?: string | undefined;
  readonly onPath?: (path: string) => void;
  /** It has been dealt with: it is tried again, or went on by its error port. */
  readonly isMild?: boolean;
  readonly children?: ReactNode;
}

/** Codes that a fail node chose are in no table. */
const mendOf = (code: string): string | undefined =>
  Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS].mend : undefined;

export function Failure({ error, path, onPath, isMild = false, children }: FailureProps) {
  const { code, message, data } = error;
  const mend = mendOf(code);
  return (
    <div
      className={`flex items-start gap-3 rounded-lg border border-line px-3 py-2.5 ${isMild ? 'bg-warn-soft' : 'bg-bad-soft'}`}
    >
      <CircleAlert size={16} className={`mt-0.5 shrink-0 ${isMild ? 'text-warn' : 'text-bad'}`} />
      <div className="flex min-w-0 flex-1 flex-wrap items-start gap-3">
        <div className="min-w-48 flex-1 space-y-1">
          <p className="whitespace-pre-wrap break-words font-medium">{message}</p>
          <p className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
            {mend === undefined ? (
              <code className="font-mono">{code}</code>
            ) : (
              <a
                className="font-mono underline decoration-dotted hover:text-text"
                href={`/docs/errors#${code}`}
                target="_blank"
                rel="noreferrer"
              >
                {code}
              </a>
            )}
            {path !== undefined && (
              <>
                <span>at</span>
                <button type="button" className="break-all font-mono hover:underline" onClick={() => onPath?.(path)}>
                  {path}
                </button>
              </>
            )}
          </p>
          {mend && <p className="text-muted text-xs">{mend}</p>}
          {data !== undefined && data !== null && <JsonView value={data} depth={0} />}
        </div>
        {children}
      </div>
    </div>
  );
}
