/** What is looked at, beside its list; Escape closes it. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../components/button.tsx';
import { useEscape } from '../../components/use-escape.ts';

interface SidePanelProps {
  /** Read out as the name of the panel. */
  readonly label: string;
  readonly title: string;
  readonly close: () => void;
  /** Beside the title. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function SidePanel({ label, title, close, actions, wide = false, children }: SidePanelProps) {
  useEscape(close);
  return (
    <aside
      aria-label={label}
      className={`flex shrink-0 flex-col gap-4 overflow-auto border-line border-l bg-panel p-4 max-md:absolute max-md:inset-0 max-md:z-20 max-md:w-full ${wide ? 'w-[520px]' : 'w-[420px]'}`}
    >
      <header className="flex items-center gap-2">
        <h2 className="mr-auto min-w-0 truncate font-mono font-medium" title={title}>
          {title}
        </h2>
        {actions}
        <IconButton label="Close" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      {children}
    </aside>
  );
}
