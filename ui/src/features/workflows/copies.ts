/** A workflow as a file and as another workflow, from its row in the list and from the editor. */
import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../../api/query.ts';
import { allNames } from '../../api/workflow-names.ts';
import { copied, freeName } from '../../components/free-name.ts';
import { saveFile } from '../../components/save-file.ts';
import { toast } from '../../components/toast.tsx';
import type { Definition } from '../../graph/document.ts';

export async function exportYaml(definition: Definition): Promise<void> {
  const { stringify } = await import('yaml');
  saveFile(`${definition.name}.yaml`, stringify(definition, { lineWidth: 110 }), 'application/yaml');
}

/** Makes a draft of the document, by a name that is free, and offers to open it. */
export function useDuplicate(): (definition: Definition) => Promise<void> {
  const navigate = useNavigate();
  const create = useAction('createWorkflow', {
    done: (copy) =>
      toast({
        tone: 'ok',
        title: `${copy.name} is a draft`,
        action: { label: 'Open', run: () => void navigate({ to: '/workflows/$id', params: { id: copy.id } }) },
      }),
  });
  return async (definition) => {
    const name = freeName(`${definition.name}-copy`, await allNames());
    create.mutate({ body: copied(definition, name) });
  };
}

/** What goes wrong is said. */
export const told = (work: () => Promise<void>) => () =>
  void work().catch((error: Error) => toast({ tone: 'bad', title: error.message }));
