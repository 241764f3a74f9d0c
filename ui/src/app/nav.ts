/** The pages that one goes to from anywhere: the sidebar and the command palette show these. */
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

export interface NavEntry {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** After `g`: `g e` goes to the executions. */
  readonly key: string;
  /** Starts a new group in the sidebar. */
  readonly apart?: true;
  /** What it counts, shown beside it. */
  readonly count?: 'approvals' | 'deadLetters';
}

export const NAV: readonly NavEntry[] = [
  { to: '/', label: 'Overview', icon: Gauge, key: 'o' },
  { to: '/workflows', label: 'Workflows', icon: Workflow, key: 'w' },
  { to: '/executions', label: 'Executions', icon: Play, key: 'e' },
  { to: '/approvals', label: 'Approvals', icon: CircleCheckBig, key: 'a', count: 'approvals' },
  { to: '/dead-letters', label: 'Dead letters', icon: MailX, key: 'd', count: 'deadLetters' },
  { to: '/sessions', label: 'Sessions', icon: Bot, key: 's' },
  { to: '/triggers', label: 'Triggers', icon: Zap, key: 't', apart: true },
  { to: '/messages', label: 'Messages', icon: Radio, key: 'm' },
  { to: '/money', label: 'Money', icon: Coins, key: 'c' },
  { to: '/templates', label: 'Templates', icon: LayoutTemplate, key: 'l' },
  { to: '/settings', label: 'Settings', icon: Settings2, key: ',' },
];
