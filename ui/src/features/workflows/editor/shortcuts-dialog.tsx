/** All keys that the editor hears, as they are written down where they are handled. */

import { PAGE_SHORTCUTS } from '../../../app/keys.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { type Keys, shownKeys } from '../../../components/shortcuts.ts';
import { CANVAS_SHORTCUTS, CLIPBOARD_SHORTCUTS } from './canvas-shortcuts.ts';
import { EDITOR_SHORTCUTS } from './editor-keys.ts';

const PARTS: readonly { readonly title: string; readonly shortcuts: readonly Keys[] }[] = [
  { title: 'On the canvas', shortcuts: [...CANVAS_SHORTCUTS, ...CLIPBOARD_SHORTCUTS] },
  { title: 'In the editor', shortcuts: EDITOR_SHORTCUTS },
  { title: 'On every page', shortcuts: PAGE_SHORTCUTS },
];

export default function ShortcutsDialog({ close }: { readonly close: () => void }) {
  return (
    <Dialog open onClose={close} title="Keyboard shortcuts" wide>
      <div className="columns-1 gap-8 md:columns-2">
        {PARTS.map(({ title, shortcuts }) => (
          <section key={title} className="mb-4 break-inside-avoid" aria-label={title}>
            <h3 className="mb-1 font-medium text-muted text-xs">{title}</h3>
            <dl>
              {shortcuts.map(({ keys, does }) => (
                <div key={does} className="flex items-center justify-between gap-4 border-line border-b py-1">
                  <dt>{does}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {keys.map((one) => (
                      <kbd
                        key={one}
                        className="rounded-sm border border-line bg-ground px-1.5 font-sans text-2xs text-muted"
                      >
                        {shownKeys(one)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
