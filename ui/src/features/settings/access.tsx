/** Who is signed in here, a link for another browser, and the way out. */
import { useQueryClient } from '@tanstack/react-query';
import { Copy, Link2, LogOut } from 'lucide-react';
import { useAction, useApi } from '../../api/query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/page.tsx';
import { Ago } from '../../components/time.tsx';
import { toast } from '../../components/toast.tsx';

export default function Access() {
  const client = useQueryClient();
  const me = useApi('getSignIn');
  const link = useAction('createSignInLink');
  const out = useAction('signOut', { done: () => void client.resetQueries() });
  const copy = (url: string) => {
    void navigator.clipboard.writeText(url);
    toast({ tone: 'ok', title: 'Copied' });
  };
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Panel title="This browser">
        <Loaded query={me} isEmpty={() => false} empty={null}>
          {({ name, projectId, expiresAt }) => (
            <Facts
              facts={[
                ['key', name],
                [
                  'project',
                  <code key="project" className="font-mono text-xs">
                    {projectId}
                  </code>,
                ],
                ['signed in until', expiresAt === null ? 'the key is removed' : <Ago key="until" at={expiresAt} />],
              ]}
            />
          )}
        </Loaded>
        <Button className="mt-3" icon={<LogOut size={14} />} busy={out.isPending} onClick={() => out.mutate({})}>
          Sign out
        </Button>
      </Panel>
      <Panel title="Another browser">
        <p className="mb-3 text-muted">A link signs in whoever opens it first, within ten minutes, once.</p>
        {link.data ? (
          <div className="flex items-center gap-1 rounded-md bg-ground px-2 py-1 font-mono text-xs">
            <span className="min-w-0 flex-1 break-all">{link.data.url}</span>
            <IconButton label="Copy the link" onClick={() => copy(link.data.url)}>
              <Copy size={13} />
            </IconButton>
          </div>
        ) : (
          <Button icon={<Link2 size={14} />} busy={link.isPending} onClick={() => link.mutate({})}>
            Make a link
          </Button>
        )}
      </Panel>
      <Panel title="For programs">
        <p className="text-muted">
          The API takes a key as <code>Authorization: Bearer KEY</code>; its{' '}
          <a href="/docs" className="text-accent hover:underline">
            reference
          </a>{' '}
          is on this server.
        </p>
      </Panel>
    </div>
  );
}
