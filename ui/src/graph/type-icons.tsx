/** How something is started, as signs; each with its word for whoever cannot see them. */
import { iconOf } from './icons.ts';

export function TypeIcons({ types, none }: { readonly types: readonly string[]; readonly none?: string }) {
  if (types.length === 0) return <span className="text-faint">{none}</span>;
  return (
    <span className="flex items-center gap-1.5 text-muted">
      {[...new Set(types)].map((type) => {
        const Icon = iconOf(type);
        return (
          <span key={type} title={type}>
            <Icon size={14} aria-hidden />
            <span className="sr-only">{type}</span>
          </span>
        );
      })}
    </span>
  );
}
