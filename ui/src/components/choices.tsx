/** A filter of which several may be chosen; none is any. */
import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Button } from './button.tsx';

interface ChoicesProps {
  readonly label: string;
  /** What it says where none is chosen. */
  readonly none: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

export function Choices({ label, none, options, chosen, onChange }: ChoicesProps) {
  const words = options.filter(({ value }) => chosen.includes(value)).map((one) => one.label);
  const shown = words.length > 2 ? `${words.length} of ${options.length}` : words.join(', ') || none;
  return (
    // Not modal: what is behind it changes as one chooses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button aria-label={`${label}: ${shown}`}>
          {shown} <ChevronDown size={14} className="text-faint" />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          aria-label={label}
          className="z-50 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-lg"
        >
          {options.map(({ value, label: name }) => (
            <DropdownMenu.CheckboxItem
              key={value}
              checked={chosen.includes(value)}
              // It stays open: more may be wanted.
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(isOn) => {
                const next = isOn ? [...chosen, value] : chosen.filter((one) => one !== value);
                onChange(options.map((one) => one.value).filter((one) => next.includes(one)));
              }}
              className="flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-hover"
            >
              <span className="size-3.5">
                <DropdownMenu.ItemIndicator>
                  <Check size={14} />
                </DropdownMenu.ItemIndicator>
              </span>
              {name}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
