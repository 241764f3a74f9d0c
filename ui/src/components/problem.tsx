/** What went wrong, in place: what the server says, where, and a way on. */
import table from 'virtual:routes';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { Button } from './button.tsx';

interface ProblemProps {
  readonly error: Error;
  readonly retry?: () => void;
  /** Other ways on, beside `retry`. */
  readonly children?: ReactNode;
}

export function ProblemNote({ error, retry, children }: ProblemProps) {
  // What the page itself says has no entry in the table of errors.
  const { code, errors: all } = error instanceof ApiProblem ? error : { code: undefined, errors: [] };
  // The message often is one of them.
  const errors = all.filter(({ path, message }) => error.message !== `${path}: ${message}`);
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-line bg-bad-soft px-4 py-3">
      <CircleAlert size={16} className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="break-words">{error.message}</p>
        {errors.length > 0 && (
          <ul className="mt-1 list-disc pl-4">
            {errors.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code className="font-mono text-xs">{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
        {code !== undefined && (
          <a
            className="text-muted text-xs hover:underline"
            href={`${table.errorPage?.path}#${code}`}
            target="_blank"
            rel="noreferrer"
          >
            {code}
          </a>
        )}
      </div>
      {retry && <Button onClick={retry}>Try again</Button>}
      {children}
    </div>
  );
}
