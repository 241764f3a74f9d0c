/** Search in what was said and remembered, over all sessions. */
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Input } from '../../components/field.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';

export function RecallDialog({ close }: { readonly close: () => void }) {
  const [words, setWords] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWords(String(new FormData(event.currentTarget).get('words') ?? '').trim());
  };
  return (
    <Dialog open wide onClose={close} title="Search what was said" description='Words, "a phrase", or -not'>
      <form onSubmit={submit} className="mb-4 flex gap-2">
        <Input name="words" aria-label="Words" autoFocus />
        <Button type="submit" kind="primary">
          Search
        </Button>
      </form>
      {words !== '' && <Found words={words} />}
    </Dialog>
  );
}

function Found({ words }: { readonly words: string }) {
  const found = useApi('recallSessions', { query: { q: words, limit: 50 } });
  return (
    <Loaded query={found} isEmpty={hasNone} empty={<p className="text-muted">Nobody has said that.</p>}>
      {({ items }) => (
        <ul className="flex flex-col gap-3">
          {items.map(({ sessionId, sessionKey, seq, at, kind, text }) => (
            <li key={`${sessionId} ${seq}`}>
              <Link
                to="/sessions/$id"
                params={{ id: sessionId }}
                search={{ at: String(seq) }}
                className="block rounded-md p-2 hover:bg-hover"
              >
                <span className="flex items-center gap-2 text-faint text-xs">
                  <Badge>{kind}</Badge> {sessionKey} <Ago at={at} />
                </span>
                <span className="line-clamp-3">{text}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}
