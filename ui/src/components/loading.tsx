/** Where something is on its way. */
export const Loading = ({ what = 'Loading' }: { readonly what?: string }) => (
  <div role="status" aria-label={what} className="flex flex-col gap-2 p-6">
    {[80, 60, 70].map((width) => (
      <div key={width} className="h-4 animate-pulse rounded-sm bg-hover" style={{ width: `${width}%` }} />
    ))}
  </div>
);
