/** What can be done with one node, at the place where it was asked for. */
import { DropdownMenu } from 'radix-ui';
import type { Spot } from './edit/move.ts';

export interface NodeAction {
  readonly label: string;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

interface NodeMenuProps {
  readonly at: Spot;
  readonly actions: readonly NodeAction[];
  readonly close: () => void;
}

export function NodeMenu({ at, actions, close }: NodeMenuProps) {
  return (
    <DropdownMenu.Root open onOpenChange={(open) => !open && close()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="fixed" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          className="z-50 min-w-48 rounded-lg border border-line bg-raised p-1 shadow-lg"
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {actions.map(({ label, keys, danger, disabled = false, run }) => (
            <DropdownMenu.Item
              key={label}
              disabled={disabled}
              onSelect={run}
              className={`flex cursor-pointer items-center gap-4 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-hover data-disabled:opacity-40 ${danger ? 'text-bad' : ''}`}
            >
              {label}
              {keys && <span className="ml-auto text-2xs text-faint">{keys}</span>}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
