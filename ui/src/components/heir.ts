/**
 * What goes away while the focus is in it leaves that to the place around it: else a person at the keyboard is nowhere,
 * and begins anew at the top of the page. As `ref` of what may go; the place around has `tabIndex={-1}`.
 */
export function leavesFocus(element: HTMLElement | null): (() => void) | undefined {
  if (element === null) return undefined;
  return () => {
    if (!element.contains(document.activeElement)) return;
    const heir = element.parentElement?.closest<HTMLElement>('[tabindex="-1"]');
    // When it is gone.
    queueMicrotask(() => heir?.focus({ preventScroll: true }));
  };
}
