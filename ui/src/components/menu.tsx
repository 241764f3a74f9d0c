/** More that can be done: behind a button, or at the place where it was asked for. */
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import type { OperationId } from '../api/call.ts';
import { leastRole, useRefusal } from '../api/role.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** For whoever may not do it the item says so, and does nothing. */
  readonly operation?: OperationId;
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
  const refusalOf = useRefusal();
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
        {items.map((item) => (
          <Item key={item.label} item={item} refusal={refusalOf(item.operation)} />
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}

const ITEM =
  'flex items-center gap-2 rounded-md px-2 py-1.5 outline-none data-disabled:cursor-default data-highlighted:bg-hover data-disabled:opacity-40';

function Item({ item, refusal }: { readonly item: MenuItem; readonly refusal: string | undefined }) {
  const { label, icon, keys, danger, disabled = false, operation, run } = item;
  if (refusal !== undefined && operation !== undefined) {
    return (
      // One that Radix disables is passed over by the keyboard, and nobody hears why.
      <DropdownMenu.Item
        aria-disabled
        title={refusal}
        onSelect={(event) => event.preventDefault()}
        className={`${ITEM} cursor-default text-faint`}
      >
        {icon}
        {label}
        <span className="ml-auto pl-4 text-2xs">takes the role {leastRole(operation)}</span>
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.Item
      disabled={disabled}
      onSelect={run}
      className={`${ITEM} cursor-pointer ${danger ? 'text-bad' : ''}`}
    >
      {icon}
      {label}
      {keys && <span className="ml-auto pl-4 text-2xs text-faint">{keys}</span>}
    </DropdownMenu.Item>
  );
}
