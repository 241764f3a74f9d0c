/** The editor with a workflow that was never saved. */
import { useState } from 'react';
import { Editor, type EditorSearch } from './editor/editor.tsx';

const START = { name: 'new-workflow', triggers: [{ id: 'manual', type: 'manual' }], nodes: [] };

export default function NewWorkflowPage() {
  const [search, setSearch] = useState<EditorSearch>({});
  return <Editor workflow={undefined} start={START} search={search} onSearch={setSearch} />;
}
