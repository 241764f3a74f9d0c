/** The files of a message that is being written: each is sent at once, and those that have arrived are kept as the text is. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/query.ts';
import { upload } from '../../api/upload.ts';
import { useDraft } from '../../components/draft.ts';
import { type Attachment, isSent, LOOK, mediaTypeOf, refusalOf, type Sent } from './attachments.ts';

const keptOf = (sent: Sent, index: number): Attachment => ({ ...sent, key: `kept ${index}`, state: 'sent', sent });

export interface Attachments {
  readonly files: readonly Attachment[];
  readonly add: (files: readonly File[]) => void;
  readonly remove: (key: string) => void;
  /** Absent for one that would be refused again. */
  readonly again: (key: string) => (() => void) | undefined;
  readonly clear: () => void;
}

/** `place` names the message, as for its text. */
export function useAttachments(place: string): Attachments {
  const draft = useDraft<readonly unknown[]>(`${place}.files`, []);
  const { data: limits } = useApi('getBlobLimits', {}, { staleTime: Number.POSITIVE_INFINITY });
  const [files, setFiles] = useState(() => draft.value.filter(isSent).map(keptOf));
  const now = useRef<readonly Attachment[]>(files);
  const count = useRef(0);
  const going = useRef(new Map<string, AbortController>());
  const sources = useRef(new Map<string, File>());
  const { set: keep, clear: forget } = draft;

  const change = (next: readonly Attachment[]) => {
    now.current = next;
    setFiles([...next]);
    const sent = next.flatMap((file) => (file.state === 'sent' ? [file.sent] : []));
    if (sent.length === 0) forget();
    else keep(sent);
  };
  const put = (file: Attachment) => change(now.current.map((one) => (one.key === file.key ? file : one)));
  const stop = (key: string) => {
    going.current.get(key)?.abort();
    going.current.delete(key);
    sources.current.delete(key);
  };
  useEffect(() => {
    const ways = going.current;
    return () => {
      for (const way of ways.values()) way.abort();
    };
  }, []);

  const send = async (key: string, file: File) => {
    const { name, size } = file;
    const way = new AbortController();
    going.current.set(key, way);
    const { signal } = way;
    try {
      const mediaType = mediaTypeOf(file.type, new Uint8Array(await file.slice(0, LOOK).arrayBuffer()));
      const progress = (share: number) => {
        if (!signal.aborted) put({ key, name, size, state: 'sending', share });
      };
      const { hash } = await upload(file, { mediaType, signal, progress });
      sources.current.delete(key);
      put({ key, name, size, state: 'sent', sent: { hash, name, mediaType, size } });
    } catch (error) {
      // Who took it away, or left the page, knows.
      if (!signal.aborted) put({ key, name, size, state: 'failed', why: (error as Error).message });
    } finally {
      going.current.delete(key);
    }
  };

  const add = (chosen: readonly File[]) => {
    for (const file of chosen) {
      const { name, size } = file;
      const key = `new ${count.current++}`;
      const others = now.current.filter(({ state }) => state !== 'failed').length;
      const why = refusalOf(file, others, limits?.largest);
      if (why !== undefined) {
        change([...now.current, { key, name, size, state: 'failed', why }]);
        continue;
      }
      sources.current.set(key, file);
      change([...now.current, { key, name, size, state: 'sending', share: 0 }]);
      void send(key, file);
    }
  };
  return {
    files,
    add,
    remove: (key) => {
      stop(key);
      change(now.current.filter((one) => one.key !== key));
    },
    again: (key) => {
      const file = sources.current.get(key);
      if (file === undefined) return undefined;
      return () => {
        put({ key, name: file.name, size: file.size, state: 'sending', share: 0 });
        void send(key, file);
      };
    },
    clear: () => {
      for (const { key } of now.current) stop(key);
      change([]);
    },
  };
}
