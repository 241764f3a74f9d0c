/** Who is signed in here, a link for another browser, and the way out. */

import table from 'virtual:routes';
import { useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { ROLE_WORDS } from '../../../../src/core/keys/roles.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/page.tsx';
import { Ago } from '../../components/time.tsx';
import { McpAccess } from './mcp-access.tsx';

export default function Access() {
  const client = useQueryClient();
  const me = useApi('getSignIn');
  const out = useAction('signOut', { done: () => void client.resetQueries() });
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Panel title="This browser">
        <Loaded query={me} isEmpty={() => false} empty={null}>
          {({ name, role, projectId, expiresAt }) => (
            <Facts
              facts={[
                ['key', name],
                ['role', `${role}: ${ROLE_WORDS[role]}`],
                [
                  'project',
                  <code key="project" className="font-mono text-xs">
                    {projectId}
                  </code>,
                ],
                ['signed in until', expiresAt === null ? 'the key is revoked' : <Ago key="until" at={expiresAt} />],
              ]}
            />
          )}
        </Loaded>
        <Button className="mt-3" icon={<LogOut size={14} />} busy={out.isPending} onClick={() => out.mutate({})}>
          Sign out
        </Button>
      </Panel>
      <Panel title="Another browser">
        <p className="text-muted">
          <code className="rounded-sm bg-hover px-1">npx myelin open</code> on the server's machine prints a link that
          signs in whoever opens it first, within ten minutes, once. Who is signed in by a browser cannot make one.
        </p>
      </Panel>
      <McpAccess />
      <Panel title="For programs">
        <p className="text-muted">
          The API takes a key as <code>Authorization: Bearer KEY</code>; its{' '}
          <a href="/docs" className="text-accent underline">
            reference
          </a>{' '}
          is on this server, and so is its{' '}
          <a href={table.openapi?.path} className="text-accent underline">
            OpenAPI document
          </a>
          , of which clients are made.
        </p>
      </Panel>
    </div>
  );
}
