/** A part of the panel of a node, under its title. */
import type { ReactNode } from 'react';

export const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="space-y-1.5">
    <h3 className="font-medium text-muted text-xs">{title}</h3>
    {children}
  </section>
);
