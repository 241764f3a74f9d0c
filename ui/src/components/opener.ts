/**
 * Who opens a dialog gets the focus back. An item of a menu goes with its menu, so it is the button of the menu; and a menu that
 * is closing has left the focus nowhere for a moment, so it is what had it last.
 */
let last: Element | null = null;

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element) last = lasting(target);
});

export function openerNow(): Element | null {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body ? last : lasting(activeElement);
}

/** Itself, or the button of the menu that it is in; of a menu in a menu, that of the outer one. */
function lasting(element: Element): Element {
  const button = element.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const found = button ? document.getElementById(button) : null;
  return found === null ? element : lasting(found);
}
