/** More that can be done: behind a button, or at the place where it was asked for. */
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export function Menu({ items, children }: { readonly items: readonly MenuItem[]; readonly children: ReactNode }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <Items items={items} align="end" />
    </DropdownMenu.Root>
  );
}

interface SpotMenuProps {
  readonly items: readonly MenuItem[];
  /** In the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly close: () => void;
  /** Where the focus goes afterwards: nothing has opened it that could get it back. */
  readonly refocus: () => void;
}

/** Open for as long as it is there. */
export function SpotMenu({ items, at, close, refocus }: SpotMenuProps) {
  return (
    <DropdownMenu.Root open onOpenChange={(open) => !open && close()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="fixed" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <Items items={items} align="start" refocus={refocus} />
    </DropdownMenu.Root>
  );
}

interface ItemsProps {
  readonly items: readonly MenuItem[];
  readonly align: 'start' | 'end';
  readonly refocus?: () => void;
}

function Items({ items, align, refocus }: ItemsProps) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align={align}
        sideOffset={4}
        className="z-50 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-lg"
        {...(refocus && {
          onCloseAutoFocus: (event: Event) => {
            event.preventDefault();
            refocus();
          },
        })}
      >
        {items.map(({ label, icon, keys, danger, disabled, run }) => (
          <DropdownMenu.Item
            key={label}
            disabled={disabled ?? false}
            onSelect={run}
            className={`flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 outline-none data-disabled:cursor-default data-highlighted:bg-hover data-disabled:opacity-40 ${danger ? 'text-bad' : ''}`}
          >
            {icon}
            {label}
            {keys && <span className="ml-auto pl-4 text-2xs text-faint">{keys}</span>}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}
