/** A choice of views; the choice belongs to the page, which keeps it in the address. */
import { Tabs as Parts } from 'radix-ui';
import type { ReactNode } from 'react';

interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: ReactNode;
}

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
}

export function Tabs<Id extends string>({ label, tabs, value, onChange }: TabsProps<Id>) {
  return (
    <Parts.Root value={value} onValueChange={(id) => onChange(id as Id)} className="min-w-0 max-w-full">
      <Parts.List aria-label={label} className="-m-1 flex gap-1 overflow-x-auto p-1">
        {tabs.map(({ id, label: name }) => (
          <Parts.Trigger
            key={id}
            value={id}
            // The page shows the view by itself; a reference to a panel that is not there helps nobody.
            aria-controls={undefined}
            className="shrink-0 rounded-md px-2.5 py-1 text-muted hover:bg-hover hover:text-text data-[state=active]:bg-hover data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {name}
          </Parts.Trigger>
        ))}
      </Parts.List>
    </Parts.Root>
  );
}
