/** The draft as YAML. */
import { MessageSquareOff } from 'lucide-react';
import type { DraftHandle } from './draft.ts';
import { hasComments, mergeYaml, printYaml, readYaml } from './edit/merge-yaml.ts';
import { type TextForm, TextView } from './text-view.tsx';

const YAML: TextForm = {
  language: 'yaml',
  name: 'YAML',
  print: printYaml,
  read: readYaml,
  merge: mergeYaml,
  hasComments,
};

/** Said before anything is lost. */
const heading = (text: string) =>
  hasComments(text) && (
    <p className="flex items-center gap-2 border-line border-b px-4 py-1.5 text-muted">
      <MessageSquareOff size={14} className="shrink-0" />
      Comments stay here while you edit, but a workflow is saved without them. The description of a workflow or of a
      node is kept.
    </p>
  );

export default function YamlView({ draft }: { readonly draft: DraftHandle }) {
  return <TextView draft={draft} form={YAML} heading={heading} />;
}
