/** Short notices at the edge of the page, read out by screen readers. `toast()` may be called from anywhere. */
import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { IconButton } from './button.tsx';
import { TONES, type Tone } from './tone.ts';

interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly title: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_MS = 6_000;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

const dismiss = (id: number) => set(toasts.filter((one) => one.id !== id));

export function toast(notice: Omit<Toast, 'id'>): void {
  last += 1;
  const id = last;
  set([...toasts.slice(-3), { ...notice, id }]);
  // What went wrong stays until it is read.
  if (notice.tone !== 'bad') setTimeout(() => dismiss(id), SHOWN_MS);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => toasts,
  );
  return (
    <section
      aria-label="Notices"
      aria-live="polite"
      // At the lower edge of a telephone are the buttons that one presses next.
      className="fixed right-4 bottom-4 z-50 max-md:top-13 max-md:bottom-auto flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2"
    >
      {shown.map(({ id, tone, title, action }) => (
        <div key={id} className="flex items-start gap-3 rounded-lg border border-line bg-raised px-3 py-2.5 shadow-lg">
          <span className={`mt-1.5 size-2 shrink-0 rounded-full ${TONES[tone].dot}`} />
          <p className="min-w-0 flex-1 break-words">{title}</p>
          {action && (
            <button type="button" className="font-medium text-accent hover:underline" onClick={action.run}>
              {action.label}
            </button>
          )}
          <IconButton label="Dismiss" onClick={() => dismiss(id)}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
