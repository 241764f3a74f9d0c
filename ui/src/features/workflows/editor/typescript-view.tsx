/**
 * The draft as a program of the SDK, to copy. It is only shown: a program can say more than a document, and reading one
 * back without running it would be a guess.
 */
import { Copy } from 'lucide-react';
import { toTypeScript } from '../../../../../src/core/typescript/to-typescript.ts';
import { Button } from '../../../components/button.tsx';
import CodeEditor from '../../../components/code-editor.tsx';
import { toast } from '../../../components/toast.tsx';
import type { Definition } from '../../../graph/document.ts';

export default function TypeScriptView({ definition }: { readonly definition: Definition }) {
  const text = print(definition);
  const copy = () => {
    void navigator.clipboard.writeText(text);
    toast({ tone: 'ok', title: 'Copied' });
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <p className="flex items-center gap-3 border-line border-b px-4 py-1.5 text-muted">
        The same workflow, written with the SDK. Edit it on the canvas or as YAML.
        <Button className="ml-auto h-7!" icon={<Copy size={13} />} onClick={copy}>
          Copy
        </Button>
      </p>
      <div className="min-h-0 flex-1 bg-panel">
        <CodeEditor label="The workflow as TypeScript" language="typescript" value={text} readOnly />
      </div>
    </div>
  );
}

function print(definition: Definition): string {
  try {
    return toTypeScript(definition);
  } catch (error) {
    return `// ${(error as Error).message}\n`;
  }
}
