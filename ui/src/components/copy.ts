/** Puts a text on the clipboard, and says whether that worked. */
import { toast } from './toast.tsx';

/** Over plain http from another machine a browser has no clipboard for pages: then the old way, by a selection. */
export async function copy(text: string, done = 'Copied'): Promise<void> {
  const isCopied = (await byClipboard(text)) || bySelection(text);
  toast(
    isCopied
      ? { tone: 'ok', title: done }
      : { tone: 'bad', title: 'The browser does not let this page copy. Open it by https or on localhost.' },
  );
}

async function byClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Inside of an open dialog, which keeps the focus in itself; the focus goes back where it was. */
function bySelection(text: string): boolean {
  const before = document.activeElement;
  const box = document.createElement('textarea');
  box.value = text;
  box.className = 'sr-only';
  (before?.closest('[role="dialog"]') ?? document.body).append(box);
  box.select();
  const isCopied = document.execCommand('copy');
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
