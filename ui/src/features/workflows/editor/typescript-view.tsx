/** The draft as a program of the SDK, which is read, never run. */
import { Copy } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../../../components/button.tsx';
import { copy } from '../../../components/copy.ts';
import type { DraftHandle } from './draft.ts';
import { mergeTypeScript, printTypeScript, readTypeScriptText } from './edit/merge-typescript.ts';
import { type TextForm, TextView } from './text-view.tsx';

const TYPESCRIPT: TextForm = {
  language: 'typescript',
  name: 'TypeScript',
  print: printTypeScript,
  read: readTypeScriptText,
  merge: mergeTypeScript,
};

const PLAIN =
  'The same workflow, written with the SDK. It is read, not run: literals, constants, and calls of the builder.';
/** Said before anything is lost. */
const OWN =
  'Your comments and lines stay here, but a workflow is saved without them. A change on the canvas or in YAML is put ' +
  'between them where it fits; where it does not, the text is printed anew.';

export default function TypeScriptView({ draft }: { readonly draft: DraftHandle }) {
  const printed = useMemo(() => printTypeScript(draft.definition), [draft.definition]);
  const heading = (text: string) => (
    <p className="flex items-center gap-3 border-line border-b px-4 py-1.5 text-muted">
      {text === printed ? PLAIN : OWN}
      <Button className="ml-auto h-7! shrink-0" icon={<Copy size={13} />} onClick={() => void copy(text)}>
        Copy
      </Button>
    </p>
  );
  return <TextView draft={draft} form={TYPESCRIPT} heading={heading} />;
}
