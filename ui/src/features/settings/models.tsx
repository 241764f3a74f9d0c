/** Models that agents may ask: what they cost, and what keeps one from being asked. */
import { Copy, Sparkles } from 'lucide-react';
import type { ModelListItem } from '../../../../src/contract/models.ts';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Empty } from '../../components/empty.tsx';
import { Facts } from '../../components/facts.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { span } from '../../components/spans.ts';
import { Badge } from '../../components/status.tsx';

/** An entry of the settings file; its key is a secret of the environment. */
const EXAMPLE = `models:
  smart:
    model: openai:gpt-5
`;

export default function Models() {
  const models = useApi('listModels');
  return (
    <Loaded
      query={models}
      isEmpty={hasNone}
      empty={
        <Empty
          icon={<Sparkles size={20} />}
          title="No model is set up"
          action={
            <Button icon={<Copy size={14} />} onClick={() => void copy(EXAMPLE)}>
              Copy an example
            </Button>
          }
        >
          Models stand under models: in the settings file.
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
          {items.map((model) => (
            <Model key={model.name} model={model} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function Model({ model }: { readonly model: ModelListItem }) {
  const { name, provider, problem, price, window, tries, concurrency, perMinute, timeoutMs } = model;
  const facts: [string, string][] = [
    ['provider', provider],
    ...(price
      ? ([['price', `${price.input} in, ${price.output} out, ${price.currency} per million tokens`]] as [
          string,
          string,
        ][])
      : []),
    ...(window ? ([['window', `${window.toLocaleString()} tokens`]] as [string, string][]) : []),
    ...(tries.length > 0 ? ([['tries', tries.join(', then ')]] as [string, string][]) : []),
    ...(concurrency ? ([['at once', String(concurrency)]] as [string, string][]) : []),
    ...(perMinute ? ([['a minute', String(perMinute)]] as [string, string][]) : []),
    ...(timeoutMs ? ([['time limit', span(timeoutMs)]] as [string, string][]) : []),
  ];
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-panel p-4">
      <div className="flex items-center justify-between gap-2">
        <h2 className="truncate font-medium">{name}</h2>
        <Badge tone={problem ? 'warn' : 'ok'}>{problem ? 'not ready' : 'ready'}</Badge>
      </div>
      {problem && <p className="text-warn [overflow-wrap:anywhere]">{problem}</p>}
      <Facts facts={facts} />
    </li>
  );
}
