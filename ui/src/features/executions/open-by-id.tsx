/** A field for the id of an execution, as logs and mails have it: once it is whole, the execution is opened. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isUuid } from '../../../../src/core/uuid.ts';
import { Input } from '../../components/field.tsx';

export function OpenById() {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [isRefused, setRefused] = useState(false);
  const change = (next: string) => {
    setText(next);
    setRefused(false);
    const id = next.trim();
    if (isUuid(id)) void navigate({ to: '/executions/$id', params: { id: id.toLowerCase() } });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setRefused(text.trim() !== '');
  };
  return (
    <form onSubmit={submit} className="flex flex-row-reverse flex-wrap items-center gap-2">
      <Input
        data-search
        aria-label="Id of an execution"
        aria-describedby="id-fault"
        aria-invalid={isRefused || undefined}
        placeholder="Open by id"
        className="w-36!"
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      <span id="id-fault" role="status" className="text-bad text-xs empty:hidden">
        {isRefused && 'Paste the whole id, 36 characters.'}
      </span>
    </form>
  );
}
