/** A blob where it is named: an image to look at, a recording to hear, a file to download. None of them acts here. */
import { Download, FileText, Maximize2 } from 'lucide-react';
import { useState } from 'react';
import { blobAddress } from './blob-address.ts';
import { type NamedBlob, showable } from './blob-in.ts';
import { buttonClass } from './button.tsx';
import { Dialog } from './dialog.tsx';

const blobName = ({ hash, name }: NamedBlob): string => name ?? `blob ${hash.slice(0, 8)}`;

/** In a conversation. */
export function BlobView({ blob }: { readonly blob: NamedBlob }) {
  const [isBroken, setBroken] = useState(false);
  const [open, setOpen] = useState(false);
  const kind = isBroken ? undefined : showable(blob.mediaType);
  const name = blobName(blob);
  const address = blobAddress(blob.hash);
  if (kind === 'image')
    return (
      <>
        <button
          type="button"
          aria-label={`Open ${name}`}
          onClick={() => setOpen(true)}
          className="my-1 block max-w-full overflow-hidden rounded-md border border-line bg-ground hover:border-strong"
        >
          <img
            src={address}
            alt={name}
            loading="lazy"
            onError={() => setBroken(true)}
            className="max-h-60 max-w-full object-contain"
          />
        </button>
        <Whole blob={blob} open={open} close={() => setOpen(false)} />
      </>
    );
  if (kind === 'audio')
    return (
      <figure className="my-1 max-w-md">
        <figcaption className="truncate text-muted text-xs">{name}</figcaption>
        <Player blob={blob} />
      </figure>
    );
  return (
    <a
      href={address}
      download={name}
      className="my-1 inline-flex max-w-full items-center gap-2 rounded-md border border-line bg-raised px-2.5 py-1.5 hover:bg-hover"
    >
      <FileText size={14} className="shrink-0 text-muted" />
      <span className="truncate">{name}</span>
      <span className="shrink-0 text-faint text-xs">{blob.mediaType}</span>
      <Download size={13} className="shrink-0 text-muted" />
    </a>
  );
}

const Player = ({ blob }: { readonly blob: NamedBlob }) => (
  // biome-ignore lint/a11y/useMediaCaption: nobody wrote down what was said
  <audio
    controls
    preload="metadata"
    aria-label={blobName(blob)}
    src={blobAddress(blob.hash)}
    className="h-9 w-full min-w-60"
  />
);

/** In a value, which says what it is beside it. */
export function BlobLinks({ blob }: { readonly blob: NamedBlob }) {
  const [open, setOpen] = useState(false);
  const name = blobName(blob);
  const link = 'inline-flex items-center gap-1 text-accent hover:underline';
  return (
    <span className="ml-2 inline-flex gap-3">
      {showable(blob.mediaType) !== undefined && (
        <button type="button" onClick={() => setOpen(true)} className={link}>
          <Maximize2 size={11} /> Open {name}
        </button>
      )}
      <a href={blobAddress(blob.hash)} download={name} className={link}>
        <Download size={11} /> Download {name}
      </a>
      <Whole blob={blob} open={open} close={() => setOpen(false)} />
    </span>
  );
}

interface WholeProps {
  readonly blob: NamedBlob;
  readonly open: boolean;
  readonly close: () => void;
}

function Whole({ blob, open, close }: WholeProps) {
  const [isLarge, setLarge] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const name = blobName(blob);
  const download = (
    <a href={blobAddress(blob.hash)} download={name} className={buttonClass()}>
      <Download size={14} /> Download
    </a>
  );
  const image = (
    <button
      type="button"
      aria-label={isLarge ? 'Fit it in' : 'In its own size'}
      onClick={() => setLarge(!isLarge)}
      className={isLarge ? 'cursor-zoom-out' : 'mx-auto block cursor-zoom-in'}
    >
      <img
        src={blobAddress(blob.hash)}
        alt={name}
        onError={() => setBroken(true)}
        className={isLarge ? 'max-w-none' : 'max-h-[56vh] max-w-full object-contain'}
      />
    </button>
  );
  return (
    <Dialog open={open} onClose={close} title={name} wide actions={download}>
      {isBroken ? (
        <p className="text-muted">This browser cannot show it. Download it to look at it.</p>
      ) : showable(blob.mediaType) === 'audio' ? (
        <Player blob={blob} />
      ) : (
        image
      )}
    </Dialog>
  );
}
