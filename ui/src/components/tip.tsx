/** A word about a control, when the pointer or the focus rests on it. */
import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';

interface TipProps {
  readonly text: ReactNode;
  readonly keys?: string;
  /** Both where it is also shown for other causes than that something rests on it. */
  readonly open?: boolean;
  readonly setOpen?: (open: boolean) => void;
  readonly children: ReactNode;
}

export function Tip({ text, keys, open, setOpen, children }: TipProps) {
  return (
    <Tooltip.Provider delayDuration={400}>
      <Tooltip.Root {...(open !== undefined && { open })} {...(setOpen && { onOpenChange: setOpen })}>
        <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            sideOffset={6}
            className="z-50 max-w-80 rounded-md border border-line bg-raised px-2 py-1 text-text text-xs shadow-md"
          >
            {text}
            {keys && <Keys text={keys} />}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}

export const Keys = ({ text }: { readonly text: string }) => (
  <kbd className="ml-2 rounded-sm border border-line bg-ground px-1 font-sans text-2xs text-muted">{text}</kbd>
);
