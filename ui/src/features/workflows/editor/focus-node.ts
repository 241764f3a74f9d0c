/** Puts the keyboard on a node of the canvas, if it is in sight. */
export const focusNode = (place: string): void =>
  document
    .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(place)}"]`)
    ?.focus({ preventScroll: true });
