/** A question or a form over the page; closes by Escape, keeps the focus inside, gives it back. */
import { X } from 'lucide-react';
import { Dialog as Parts } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { openerNow } from './opener.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** Where the focus goes afterwards; default to what had it before. */
  readonly refocus?: () => void;
  readonly children?: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
}

export function Dialog({ open, onClose, title, description, wide = false, refocus, children, actions }: DialogProps) {
  // Taken while it is drawn for the first time: afterwards the focus is inside.
  const opener = useRef<Element>(null);
  const wasOpen = useRef(false);
  if (open && !wasOpen.current) opener.current = openerNow();
  wasOpen.current = open;
  return (
    <Parts.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Parts.Portal>
        <Parts.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <Parts.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (refocus) refocus();
            else if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          // The first thing inside is the button that closes it: nobody wants its hint in the way. What has `autoFocus` does
          // not get it while a menu that is closing still holds the focus; it is named by `data-first`.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            const content = event.currentTarget as HTMLElement;
            (content.querySelector<HTMLElement>('[data-first]') ?? content).focus();
          }}
          className={`outline-none -translate-x-1/2 fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-2rem)] flex-col rounded-lg border border-line bg-raised shadow-xl ${wide ? 'max-w-4xl' : 'max-w-lg'}`}
        >
          <header className="flex items-center justify-between gap-3 px-5 pt-4 pb-2">
            <Parts.Title className="font-semibold text-lg">{title}</Parts.Title>
            <IconButton label="Close" onClick={onClose}>
              <X size={16} />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-auto px-5 pb-4">
            {description && <Parts.Description className="mb-3 text-muted">{description}</Parts.Description>}
            {children}
          </div>
          {actions && <footer className="flex justify-end gap-2 border-line border-t px-5 py-3">{actions}</footer>}
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly run: () => void;
  /** Opens it when it is clicked. */
  readonly children: (ask: () => void) => ReactNode;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, description, confirm, danger = true, run, children }: ConfirmProps) {
  // Before anybody has asked there is nothing: lists have one in each row.
  const [open, setOpen] = useState<boolean>();
  const close = () => setOpen(false);
  const buttons = (
    <>
      <Button autoFocus={danger} onClick={close}>
        Keep it
      </Button>
      <Button
        kind={danger ? 'danger' : 'primary'}
        autoFocus={!danger}
        onClick={() => {
          close();
          run();
        }}
      >
        {confirm}
      </Button>
    </>
  );
  return (
    <>
      {children(() => setOpen(true))}
      {open !== undefined && (
        <Dialog open={open} onClose={close} title={title} description={description} actions={buttons} />
      )}
    </>
  );
}
