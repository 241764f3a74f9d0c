/** The draft as YAML. What does not parse stays here as it is written, while the canvas shows the last that did. */
import { useEffect, useRef, useState } from 'react';
import CodeEditor, { type Fault } from '../../../components/code-editor.tsx';
import type { DraftHandle } from './draft.ts';
import { mergeYaml, printYaml, readYaml, type YamlFault } from './edit/merge-yaml.ts';

const NONE: readonly Fault[] = [];

export default function YamlView({ draft }: { readonly draft: DraftHandle }) {
  const { definition, yaml, isUnread, keepYaml } = draft;
  const [text, setText] = useState(() => begin(draft));
  const [fault, setFault] = useState(() => faultOf(text));
  const mine = useRef(definition);
  const written = useRef(yaml);
  // Undo and redo come from outside, and so does what another view changed, or what was restored.
  useEffect(() => {
    const isRestored = yaml !== undefined && yaml !== written.current;
    if (!isRestored && definition === mine.current) return;
    mine.current = definition;
    // A text that could not be read gives way to what was done since.
    const next = isRestored ? yaml : mergeYaml(text, definition);
    written.current = next;
    setText(next);
    setFault(faultOf(next));
    if (!isRestored && isUnread) keepYaml(next, false);
  }, [definition, yaml]);
  const change = (next: string) => {
    setText(next);
    const read = readYaml(next);
    written.current = next;
    draft.keepYaml(next, 'fault' in read);
    if ('fault' in read) return setFault(read.fault);
    setFault(undefined);
    if (JSON.stringify(read.definition) === JSON.stringify(mine.current)) return;
    mine.current = read.definition;
    draft.edit(read.definition, 'yaml');
  };
  const marks = fault ? [{ from: fault.from, to: Math.max(fault.to, fault.from + 1), message: fault.message }] : NONE;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {fault && (
        <p role="alert" className="border-line border-b bg-bad-soft px-4 py-2 text-bad">
          Line {fault.line}: {fault.message}. The canvas shows the last version that could be read.
        </p>
      )}
      <div className="min-h-0 flex-1 bg-panel">
        <CodeEditor label="The workflow as YAML" language="yaml" value={text} faults={marks} onChange={change} />
      </div>
    </div>
  );
}

function faultOf(text: string): YamlFault | undefined {
  const read = readYaml(text);
  return 'fault' in read ? read.fault : undefined;
}

/** A text that was left unfinished comes back as it was; another gets the changes made since. */
function begin({ yaml, definition }: DraftHandle): string {
  if (yaml === undefined) return printYaml(definition);
  return 'fault' in readYaml(yaml) ? yaml : mergeYaml(yaml, definition);
}
