/** API keys: who may call, and what. Made, listed and revoked here; a key itself is shown once, when it is made. */
import { Link } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { KeyAnswer } from '../../../../src/contract/keys.ts';
import { covers, type KeyRole, may, ROLE_WORDS } from '../../../../src/core/keys/roles.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago, useNow } from '../../components/time.tsx';
import { NewKey } from './new-key.tsx';

export default function Keys() {
  const me = useApi('getSignIn');
  return (
    <Loaded query={me} isEmpty={() => false} empty={null}>
      {({ name, role }) => (
        <div className="flex flex-col gap-3">
          {may(role, 'keys:read') ? <List name={name} role={role} /> : <NotYours name={name} role={role} />}
        </div>
      )}
    </Loaded>
  );
}

interface Me {
  readonly name: string;
  readonly role: KeyRole;
}

const NotYours = ({ name, role }: Me) => (
  <Empty
    icon={<KeyRound size={20} />}
    title="Keys are the business of admins"
    action={
      <Link to="/settings" search={{ view: 'access' }} className="text-accent hover:underline">
        Sign in by another key
      </Link>
    }
  >
    You are signed in by the key {name}, of the role {role}: it {ROLE_WORDS[role]}. Ask an admin or owner for another
    key.
  </Empty>
);

function List({ name, role }: Me) {
  const keys = useApi('listKeys');
  const [isAsked, setAsked] = useState(false);
  return (
    <Loaded query={keys} isEmpty={() => false} empty={null}>
      {({ items }) => (
        <>
          <div className="flex flex-col items-start gap-x-4 gap-y-2 md:flex-row md:items-center md:justify-between">
            <p className="min-w-0 text-muted">
              You are signed in by <span className="font-medium text-text">{name}</span>, of the role {role}: it{' '}
              {ROLE_WORDS[role]}.
            </p>
            <Button
              operation="createKey"
              kind="primary"
              className="shrink-0"
              icon={<Plus size={14} />}
              onClick={() => setAsked(true)}
            >
              New key
            </Button>
          </div>
          <ul className="flex flex-col divide-y divide-line rounded-lg border border-line bg-panel">
            {items.map((one) => (
              <Row key={one.id} item={one} role={role} />
            ))}
          </ul>
          {items.length === 1 && (
            <p className="text-muted">
              There is no other yet. Give each program and person a key of their own, with no more than they need: then
              one can go without the others.
            </p>
          )}
          {isAsked && <NewKey role={role} end={ownEnd(items)} onClose={() => setAsked(false)} />}
        </>
      )}
    </Loaded>
  );
}

/** When the key of this browser expires (ms); null: never. */
function ownEnd(items: readonly KeyAnswer[]): number | null {
  const end = items.find(({ isYours }) => isYours)?.expiresAt ?? null;
  return end === null ? null : Date.parse(end);
}

function Row({ item, role }: { readonly item: KeyAnswer; readonly role: KeyRole }) {
  const { id, name, ending, isYours } = item;
  const [problem, setProblem] = useState<Error>();
  const revoke = useAction('revokeKey', { failed: setProblem });
  const run = () => {
    setProblem(undefined);
    revoke.mutate({ params: { id } });
  };
  return (
    <li className="flex flex-col gap-2 px-4 py-3" aria-label={name}>
      <div className="flex items-center gap-3">
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
            <Badge tone="neutral">{item.role}</Badge>
            {isYours && <Badge tone="info">yours</Badge>}
            {ending !== null && <span className="font-mono text-muted text-xs">…{ending}</span>}
          </div>
          <Times item={item} />
        </div>
        {covers(role, item.role) && (
          <Confirm
            title={`Revoke ${name}?`}
            description={`${isYours ? 'It signed this browser in: you are signed out with it. ' : ''}Whatever calls by it is refused: here at once, by other processes within a minute. Browsers that it signed in are signed out; keys that it made stay.`}
            confirm="Revoke it"
            run={run}
          >
            {(ask) => (
              <Button operation="revokeKey" kind="danger" busy={revoke.isPending} onClick={ask}>
                Revoke
              </Button>
            )}
          </Confirm>
        )}
      </div>
      {problem && <ProblemNote error={problem} />}
    </li>
  );
}

function Times({ item: { createdAt, createdBy, lastUsedAt, expiresAt } }: { readonly item: KeyAnswer }) {
  const now = useNow();
  const hasExpired = expiresAt !== null && Date.parse(expiresAt) <= now;
  return (
    <p className="flex flex-wrap gap-x-3 text-muted text-xs">
      <span>
        made <Ago at={createdAt} past /> by {createdBy ?? 'the server'}
      </span>
      <span>
        {lastUsedAt === null ? (
          'never used'
        ) : (
          <>
            used <Ago at={lastUsedAt} past />
          </>
        )}
      </span>
      <span className={hasExpired ? 'text-bad' : undefined}>
        {expiresAt === null ? (
          'does not expire'
        ) : (
          <>
            {hasExpired ? 'expired' : 'expires'} <Ago at={expiresAt} />
          </>
        )}
      </span>
    </p>
  );
}
