/** What changed, in words: each node with its fields, before and after. */
import clsx from 'clsx';
import { Badge } from '../../../components/status.tsx';
import { TONES, type Tone } from '../../../components/tone.ts';
import type { Change, FieldChange } from './definition-diff.ts';
import { placeOf } from './places.ts';
import { shortOf, titleOf } from './words.ts';

const TONE_OF: Readonly<Record<Change['kind'], Tone>> = {
  added: 'ok',
  removed: 'bad',
  changed: 'warn',
  moved: 'neutral',
};

interface ChangeListProps {
  readonly changes: readonly Change[];
  readonly choose: (change: Change) => void;
}

export function ChangeList({ changes, choose }: ChangeListProps) {
  return (
    <section
      aria-label="Changes"
      className="shrink-0 overflow-auto border-line border-t bg-panel lg:w-88 lg:border-t-0 lg:border-l"
    >
      <h2 className="sticky top-0 border-line border-b bg-panel px-4 py-2 font-medium">
        {changes.length === 1 ? 'One change' : `${changes.length} changes`}
      </h2>
      <ul>
        {changes.map((change) => (
          <li key={`${change.what} ${change.kind} ${change.name}`} className="border-line border-b px-4 py-2.5">
            <div className="flex items-center gap-2">
              <span className={clsx('size-2 shrink-0 rounded-full', TONES[TONE_OF[change.kind]].dot)} />
              {placeOf(change) === undefined ? (
                <span className="min-w-0 break-words">{titleOf(change)}</span>
              ) : (
                <button
                  type="button"
                  className="min-w-0 break-words text-left font-medium hover:underline"
                  title="Show it in the drawing"
                  onClick={() => choose(change)}
                >
                  {titleOf(change)}
                </button>
              )}
              <span className="ml-auto">
                <Badge tone={TONE_OF[change.kind]}>{change.kind}</Badge>
              </span>
            </div>
            {change.fields.length > 0 && (
              <dl className="mt-1.5 flex flex-col gap-1.5 pl-4">
                {change.fields.map((field) => (
                  <Field key={field.path} field={field} />
                ))}
              </dl>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const VALUE = 'block max-h-24 overflow-auto whitespace-pre-wrap break-words rounded-sm px-1.5 py-0.5 font-mono text-xs';

function Field({ field }: { readonly field: FieldChange }) {
  return (
    <div>
      <dt className="text-faint text-xs">{field.path}</dt>
      {'before' in field && (
        <dd className={clsx(VALUE, 'bg-bad-soft text-bad')}>
          <span className="sr-only">before: </span>
          {shortOf(field.before)}
        </dd>
      )}
      {'after' in field && (
        <dd className={clsx(VALUE, 'mt-0.5 bg-ok-soft text-ok')}>
          <span className="sr-only">after: </span>
          {shortOf(field.after)}
        </dd>
      )}
    </div>
  );
}
