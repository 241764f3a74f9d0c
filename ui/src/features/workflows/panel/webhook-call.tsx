/** Where a webhook listens, and a line for the shell that calls it. */
import { useParams } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import { useApi } from '../../../api/query.ts';
import { IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/copy.ts';
import type { TriggerDefinition } from '../../../graph/document.ts';
import { webhookUrls } from '../editor/webhook-urls.ts';
import { curlOf } from './curl.ts';

export function WebhookCall({ trigger }: { readonly trigger: TriggerDefinition }) {
  const { id } = useParams({ strict: false }) as { readonly id?: string };
  const known = useApi('listTriggers', { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const items = known.data?.items ?? [];
  const url = webhookUrls({ triggers: [trigger] }, items).get(trigger.id);
  if (url === undefined) return <p className="text-faint text-xs">Give it a path, and its address is shown here.</p>;
  const saved = items.find(({ name, config }) => name === trigger.id && config.path === trigger.path);
  return (
    <div className="flex flex-col gap-2">
      <Line label="Address" text={url} />
      <Line label="Call it" text={curlOf(trigger, url)} />
      <p className="text-faint text-xs">
        {saved === undefined
          ? 'It listens once the workflow is saved and active.'
          : saved.active
            ? 'It listens now.'
            : 'It listens once the workflow is active.'}
      </p>
    </div>
  );
}

function Line({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <p className="font-medium text-muted text-xs">{label}</p>
      <div className="flex items-start gap-1 rounded-md border border-line bg-ground py-1 pr-1 pl-2">
        <code className="min-w-0 flex-1 whitespace-pre-wrap break-all py-0.5 font-mono text-xs">{text}</code>
        <IconButton label={`Copy ${label.toLowerCase()}`} className="size-6!" onClick={() => void copy(text)}>
          <Copy size={13} />
        </IconButton>
      </div>
    </div>
  );
}
