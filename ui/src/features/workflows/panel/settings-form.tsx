/** How a node is run: what happens when it fails, how long it may take, what undoes it. */
import { useMemo } from 'react';
import { useApi } from '../../../api/query.ts';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { SchemaForm } from '../../../components/schema-form.tsx';
import { nodeSchemaIn, settingsOf } from './node-settings.ts';
import type { NodePanelProps } from './panel-props.ts';
import { compensationsFor } from './reach.ts';

type Props = Pick<NodePanelProps, 'definition' | 'place' | 'node' | 'type' | 'onChange'> & {
  readonly faults: ReadonlyMap<string, string>;
};

export function SettingsForm({ definition, place, node, type, faults, onChange }: Props) {
  const document = useApi('getDefinitionSchema', {}, { staleTime: Number.POSITIVE_INFINITY });
  const schema = useMemo(() => {
    const whole = document.data && nodeSchemaIn(document.data);
    const others = compensationsFor(definition, place);
    const all = node.compensate && !others.includes(node.compensate) ? [...others, node.compensate] : others;
    return whole && settingsOf(whole, type, all);
  }, [document.data, definition, place, node.compensate, type]);
  if (document.error) return <ProblemNote error={document.error} retry={() => void document.refetch()} />;
  if (schema === undefined) return <Loading />;
  return (
    <SchemaForm
      fold="open"
      schema={schema}
      value={node}
      faults={faults}
      onChange={(next) => onChange(next as NodePanelProps['node'])}
    />
  );
}
