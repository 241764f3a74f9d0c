/** The JavaScript of a code node, with the names that it sees. */
import { useId, useMemo, useRef } from 'react';
import CodeEditor from '../../../components/code-editor.tsx';
import type { LeafProps } from '../../../components/schema-form.tsx';
import { codeExtensions } from './expression-extensions.ts';
import { insertionPoint } from './insertion.ts';
import { Labeled } from './labeled.tsx';
import { useScope } from './scope.ts';

const LINE = 18;

export function CodeField({ label, schema, value, fault, onChange }: LeafProps) {
  const scope = useScope();
  const latest = useRef(scope);
  latest.current = scope;
  const id = useId();
  const text = typeof value === 'string' ? value : '';
  const extensions = useMemo(() => [codeExtensions(latest), insertionPoint(latest.current.insert, true)], []);
  const lines = text.split('\n').length;
  return (
    <Labeled id={id} label={label} hint={schema.description} fault={fault}>
      <div
        className="overflow-hidden rounded-md border border-line bg-raised focus-within:border-accent"
        style={{ height: Math.min(420, Math.max(10, lines + 2) * LINE) }}
      >
        <CodeEditor label={label} language="typescript" value={text} extensions={extensions} onChange={onChange} />
      </div>
    </Labeled>
  );
}
