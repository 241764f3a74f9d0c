/** The files that go with a message, before it is sent: how large, how far on their way, what is wrong with one. */
import clsx from 'clsx';
import { AudioLines, CircleAlert, FileText, RotateCw, X } from 'lucide-react';
import { blobAddress } from '../../components/blob-address.ts';
import { showable } from '../../components/blob-in.ts';
import { IconButton } from '../../components/button.tsx';
import { sizeOf } from '../../components/bytes.ts';
import type { Attachment } from './attachments.ts';
import type { Attachments } from './use-attachments.ts';

export function AttachmentChips({ files, remove, again }: Attachments) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex max-h-28 flex-wrap gap-1.5 overflow-y-auto">
      {files.map((file) => (
        <Chip key={file.key} file={file} remove={() => remove(file.key)} again={again(file.key)} />
      ))}
    </ul>
  );
}

interface ChipProps {
  readonly file: Attachment;
  readonly remove: () => void;
  readonly again: (() => void) | undefined;
}

function Chip({ file, remove, again }: ChipProps) {
  const { name, size, state } = file;
  return (
    <li
      className={clsx(
        'relative flex max-w-full items-center gap-2 overflow-hidden rounded-md border py-0.5 pr-0.5 pl-2 text-xs',
        state === 'failed' ? 'border-bad bg-bad-soft' : 'border-line bg-raised',
      )}
    >
      <Sign file={file} />
      <span className={clsx('truncate', state === 'failed' ? 'max-w-40 shrink-0' : 'max-w-56')} title={name}>
        {name}
      </span>
      {state === 'failed' ? (
        <span role="alert" className="min-w-0 text-bad">
          {file.why}
        </span>
      ) : (
        <span className="shrink-0 text-faint tabular-nums">
          {state === 'sending' ? `${Math.round(file.share * 100)} % of ${sizeOf(size)}` : sizeOf(size)}
        </span>
      )}
      {state === 'failed' && again && (
        <IconButton label={`Try ${name} again`} onClick={again} className="size-6!">
          <RotateCw size={13} />
        </IconButton>
      )}
      <IconButton label={`Remove ${name}`} onClick={remove} className="size-6!">
        <X size={13} />
      </IconButton>
      {state === 'sending' && (
        <span
          role="progressbar"
          aria-label={`${name} is on its way`}
          aria-valuenow={Math.round(file.share * 100)}
          className="absolute bottom-0 left-0 h-0.5 bg-accent transition-[width]"
          style={{ width: `${file.share * 100}%` }}
        />
      )}
    </li>
  );
}

function Sign({ file }: { readonly file: Attachment }) {
  if (file.state === 'failed') return <CircleAlert size={13} className="shrink-0 text-bad" />;
  if (file.state === 'sent' && showable(file.sent.mediaType) === 'image')
    return <img src={blobAddress(file.sent.hash)} alt="" className="size-5 shrink-0 rounded-sm object-cover" />;
  const isAudio = file.state === 'sent' && showable(file.sent.mediaType) === 'audio';
  const Icon = isAudio ? AudioLines : FileText;
  return <Icon size={13} className="shrink-0 text-muted" />;
}
