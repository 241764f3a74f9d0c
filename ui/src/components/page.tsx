/** What every page has: its title, what can be done here, and its content. */
import { type ReactNode, useEffect } from 'react';

interface PageProps {
  readonly title: string;
  /** Stands in place of the title, such as a field to rename it. */
  readonly heading?: ReactNode;
  /** Beside the title, such as a status. */
  readonly mark?: ReactNode;
  readonly actions?: ReactNode;
  /** A row under the title: filters, tabs. */
  readonly bar?: ReactNode;
  /** The content fills what is left of the window and scrolls by itself. */
  readonly full?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, heading, mark, actions, bar, full = false, children }: PageProps) {
  useTitle(title);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2 md:px-6">
        <h1 className="min-w-0 truncate font-semibold text-lg">{heading ?? title}</h1>
        {mark}
        <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
      </header>
      {bar && <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2 md:px-6">{bar}</div>}
      {full ? (
        <div className="min-h-0 flex-1">{children}</div>
      ) : (
        <div className="min-h-0 flex-1 overflow-auto px-4 py-4 md:px-6">{children}</div>
      )}
    </div>
  );
}

const NAME = 'Myelin';

/** In the tab of the browser. */
function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${NAME}`;
    return () => {
      document.title = NAME;
    };
  }, [title]);
}

export function Panel({
  title,
  actions,
  children,
}: {
  readonly title?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="rounded-lg border border-line bg-panel">
      {title && (
        <header className="flex items-center justify-between border-line border-b px-4 py-2">
          <h2 className="font-medium">{title}</h2>
          {actions}
        </header>
      )}
      <div className="p-4">{children}</div>
    </section>
  );
}
