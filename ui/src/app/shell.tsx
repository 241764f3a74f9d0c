/** Sidebar and page. Narrow windows have the sidebar behind a button. */
import { Link, useRouterState } from '@tanstack/react-router';
import clsx from 'clsx';
import { Menu as MenuIcon, Moon, Search, Sun, WifiOff } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useLive } from '../api/live.ts';
import { IconButton } from '../components/button.tsx';
import { useTheme } from '../components/theme.ts';
import { Keys } from '../components/tip.tsx';
import { useCounts } from './counts.ts';
import { useGoKeys } from './keys.ts';
import { type NavEntry, useNav } from './nav.ts';

const Palette = lazy(() => import('./palette.tsx'));

export function Shell({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const [palette, setPalette] = useState(false);
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useGoKeys(() => setPalette(true));
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    setOpen(false);
    if (before.current === path) return;
    before.current = path;
    // What had the focus went with the page before: the keyboard goes on at the beginning of this one.
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="flex h-dvh">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2">
        To the content
      </a>
      <Sidebar name={name} open={open} search={() => setPalette(true)} />
      {open && (
        <button
          type="button"
          aria-label="Close the menu"
          className="fixed inset-0 z-20 bg-[rgb(0_0_0/0.4)] md:hidden"
          onClick={() => setOpen(false)}
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-11 items-center gap-2 border-line border-b px-2 md:hidden">
          <IconButton label="Menu" onClick={() => setOpen(true)}>
            <MenuIcon size={18} />
          </IconButton>
          <Logo />
        </header>
        <LineDown />
        <main id="main" ref={main} tabIndex={-1} className="min-h-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      {palette && (
        <Suspense fallback={null}>
          <Palette close={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}

interface SidebarProps {
  readonly name: string;
  readonly open: boolean;
  readonly search: () => void;
}

function Sidebar({ name, open, search }: SidebarProps) {
  const [theme, toggleTheme] = useTheme();
  const counts = useCounts();
  return (
    <aside
      className={clsx(
        'fixed inset-y-0 left-0 z-30 flex w-56 shrink-0 flex-col gap-3 border-line border-r bg-panel p-3 transition-transform md:static md:translate-x-0',
        !open && 'max-md:invisible max-md:-translate-x-full',
      )}
    >
      <Logo />
      <button
        type="button"
        onClick={search}
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-ground px-2 text-faint hover:text-text"
      >
        <Search size={14} /> Search
        <span className="ml-auto">
          <Keys text="⌘K" />
        </span>
      </button>
      <nav aria-label="Pages" className="flex flex-1 flex-col gap-0.5 overflow-auto">
        {useNav().map((entry) => (
          <NavLink key={entry.to} entry={entry} count={entry.count === undefined ? 0 : counts[entry.count]} />
        ))}
      </nav>
      <footer className="flex items-center justify-between text-faint text-xs">
        <Link to="/settings" className="truncate hover:text-text">
          {name}
        </Link>
        <IconButton label={theme === 'dark' ? 'Light theme' : 'Dark theme'} onClick={toggleTheme}>
          {theme === 'dark' ? <Sun size={14} /> : <Moon size={14} />}
        </IconButton>
      </footer>
    </aside>
  );
}

function NavLink({
  entry: { to, label, icon: Icon, apart },
  count,
}: {
  readonly entry: NavEntry;
  readonly count: number;
}) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/' }}
      className={clsx(
        'flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-hover hover:text-text data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-text',
        apart && 'mt-3',
      )}
    >
      <Icon size={15} />
      {label}
      {count > 0 && (
        <span className="ml-auto rounded-sm bg-warn-soft px-1.5 text-2xs text-warn tabular-nums">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </Link>
  );
}

const Logo = () => (
  <Link to="/" className="flex items-center gap-2 px-1 font-semibold text-base">
    <img src="/icon.svg" alt="" width={20} height={20} /> Myelin
  </Link>
);

/** Says that what is shown may be old; nothing that was typed is lost by it. */
function LineDown() {
  const live = useLive();
  if (live !== 'down') return null;
  return (
    <div role="status" className="flex items-center gap-2 bg-warn-soft px-4 py-1.5 text-warn text-xs md:px-6">
      <WifiOff size={13} /> The server does not answer. This page shows what it last knew, and goes on by itself when it
      is back.
    </div>
  );
}
