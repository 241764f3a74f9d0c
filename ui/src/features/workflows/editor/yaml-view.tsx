/** The draft as YAML. */
import type { DraftHandle } from './draft.ts';
import { mergeYaml, printYaml, readYaml } from './edit/merge-yaml.ts';
import { type TextForm, TextView } from './text-view.tsx';

const YAML: TextForm = { language: 'yaml', name: 'YAML', print: printYaml, read: readYaml, merge: mergeYaml };

export default function YamlView({ draft }: { readonly draft: DraftHandle }) {
  return <TextView draft={draft} form={YAML} />;
}
