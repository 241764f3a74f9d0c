/** A text that is sent by Enter, and what stands beside it. */
import { Send } from 'lucide-react';
import type { ClipboardEvent, FormEvent, KeyboardEvent, ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/field.tsx';

const LONGEST = 20_000;

interface SendBoxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly type: (text: string) => void;
  readonly send: () => void;
  /** What the button says. */
  readonly verb: string;
  readonly busy: boolean;
  /** It is not ready to go. */
  readonly held?: boolean;
  readonly paste?: (files: readonly File[]) => void;
  /** Above the text. */
  readonly children?: ReactNode;
  /** Before it. */
  readonly aside?: ReactNode;
}

export function SendBox(props: SendBoxProps) {
  const { label, placeholder, text, type, send, verb, busy, held = false, paste, children, aside } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !held) send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!busy && !held) send();
  };
  const put = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    // A table out of a spreadsheet is text, and a picture of it besides.
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    paste?.(files);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      {children}
      <div className="flex items-end gap-2">
        {aside}
        <TextArea
          aria-label={label}
          placeholder={placeholder}
          rows={2}
          maxLength={LONGEST}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
          {...(paste && { onPaste: put })}
        />
        <Button type="submit" kind="primary" icon={<Send size={14} />} busy={busy} disabled={held}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
