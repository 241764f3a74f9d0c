/** Where there is nothing yet: one sentence that says what would be here, and one thing to do. */
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action: ReactNode;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 py-16 text-center">
      {icon && <div className="flex size-11 items-center justify-center rounded-lg bg-hover text-muted">{icon}</div>}
      <p className="font-medium text-base">{title}</p>
      {children && <p className="text-muted">{children}</p>}
      {action}
    </div>
  );
}
