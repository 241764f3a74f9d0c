/** More that can be done, behind a button. */
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
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-lg"
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
              {keys && <span className="ml-auto text-2xs text-faint">{keys}</span>}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
