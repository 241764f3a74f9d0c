/** The pages that one goes to from anywhere: the sidebar and the command palette show those that may be read. */
import {
  Bot,
  CircleCheckBig,
  Coins,
  Gauge,
  LayoutTemplate,
  type LucideIcon,
  MailX,
  Play,
  Radio,
  Settings2,
  Workflow,
  Zap,
} from 'lucide-react';
import type { OperationId } from '../api/call.ts';
import { useRefusal } from '../api/role.ts';

export interface NavEntry {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Whoever may not read what the page is about does not see it. */
  readonly reads: OperationId;
  /** After `g`: `g e` goes to the executions. */
  readonly key: string;
  /** Starts a new group in the sidebar. */
  readonly apart?: true;
  /** What it counts, shown beside it. */
  readonly count?: 'approvals' | 'deadLetters';
}

export const NAV: readonly NavEntry[] = [
  { to: '/', label: 'Overview', icon: Gauge, reads: 'getStats', key: 'o' },
  { to: '/workflows', label: 'Workflows', icon: Workflow, reads: 'listWorkflows', key: 'w' },
  { to: '/executions', label: 'Executions', icon: Play, reads: 'listExecutions', key: 'e' },
  { to: '/approvals', label: 'Approvals', icon: CircleCheckBig, reads: 'listApprovals', key: 'a', count: 'approvals' },
  { to: '/dead-letters', label: 'Dead letters', icon: MailX, reads: 'listDeadLetters', key: 'd', count: 'deadLetters' },
  { to: '/sessions', label: 'Sessions', icon: Bot, reads: 'listSessions', key: 's' },
  { to: '/triggers', label: 'Triggers', icon: Zap, reads: 'listProjectTriggers', key: 't', apart: true },
  { to: '/messages', label: 'Messages', icon: Radio, reads: 'listEvents', key: 'm' },
  { to: '/money', label: 'Money', icon: Coins, reads: 'getUsage', key: 'c' },
  { to: '/templates', label: 'Templates', icon: LayoutTemplate, reads: 'listTemplates', key: 'l' },
  { to: '/settings', label: 'Settings', icon: Settings2, reads: 'getSignIn', key: ',' },
];

export function useNav(): readonly NavEntry[] {
  const refusalOf = useRefusal();
  return NAV.filter(({ reads }) => refusalOf(reads) === undefined);
}
