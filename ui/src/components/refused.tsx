/** A control of what whoever is signed in may not do: it stays in its place and says why, to pointer, focus and touch. */
import { type ComponentProps, type ReactNode, useState } from 'react';
import { Tip } from './tip.tsx';

interface RefusedProps {
  readonly why: string;
  /** Gets what the button takes in the end, over all else that it has. */
  readonly children: (props: ComponentProps<'button'>) => ReactNode;
}

export function Refused({ why, children }: RefusedProps) {
  const [open, setOpen] = useState(false);
  return (
    <Tip text={why} open={open} setOpen={setOpen}>
      {children({
        type: 'button',
        // One that is `disabled` gets no focus, and tells nobody why.
        disabled: false,
        'aria-disabled': true,
        title: undefined,
        onClick: (event) => {
          // A click would close the hint, and there is no other way to it on a telephone.
          event.preventDefault();
          setOpen(true);
        },
        // Of a menu that it would open.
        onPointerDown: undefined,
        onKeyDown: undefined,
      })}
    </Tip>
  );
}
