/** A person who has a keyboard and nothing else: goes from one thing to the next, and must see each time where that is. */
import type { Page } from 'playwright-core';

/** More would tire anybody. */
const MOST = 120;

interface Focus {
  /** What a person would call it; '' where nothing has the focus, as after a new page. */
  readonly name: string;
  readonly isWanted: boolean;
  /** Why it cannot be seen that this has the focus; '' where it can. */
  readonly fault: string;
}

/** Runs in the page. A text field shows its border and the caret, a dialog itself, everything else an outline. */
const LOOK = `({ css, text }) => {
  const at = document.activeElement;
  if (at === null || at === document.body || at.id === 'main') return { name: '', isWanted: false, fault: '' };
  const name = (at.getAttribute('aria-label') ?? at.textContent ?? '').trim().slice(0, 60) || at.outerHTML.slice(0, 120);
  const isText = at.matches('[role=dialog], textarea, select, input:not([type=range], [type=checkbox])');
  const shown = [at, at.firstElementChild].filter(Boolean).map((one) => getComputedStyle(one));
  const isOutlined = shown.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) > 0);
  const { left, right, top, bottom } = at.getBoundingClientRect();
  const [x, y] = [(Math.max(0, left) + Math.min(innerWidth, right)) / 2, (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2];
  // The frame of a container has nodes in its middle: then its corner counts.
  const isInSight = [[x, y], [left + 8, top + 8]].some(([toRight, down]) => {
    const over = document.elementFromPoint(toRight, down);
    return over !== null && (at.contains(over) || over.contains(at));
  });
  const fault = isText ? '' : !at.matches(':focus-visible') ? 'is not :focus-visible' : !isOutlined ? 'has no outline'
    : !isInSight ? 'is out of sight, or something lies over it' : '';
  return { name, isWanted: css !== '' && at.matches(css) && name.includes(text), fault };
}`;

/** What comes or goes may lie over it for a moment. */
const MOVES_MS = 2_000;

async function look(page: Page, css = '', text = ''): Promise<Focus> {
  const asked = `(${LOOK})(${JSON.stringify({ css, text })})`;
  await page.waitForFunction(`${asked}.fault === ''`, undefined, { timeout: MOVES_MS }).catch(() => undefined);
  const focus = (await page.evaluate(asked)) as Focus;
  if (focus.fault !== '') throw new Error(`The focus is on "${focus.name}", which ${focus.fault}`);
  return focus;
}

/** What has the focus. Throws where that cannot be seen. */
export const focused = async (page: Page): Promise<string> => (await look(page)).name;

/** Goes on by Tab until something of this selector and text has the focus; all that is passed must show that it has it. */
export async function tabTo(page: Page, css: string, text = '', key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  while (passed.length < MOST) {
    await page.keyboard.press(key);
    const { name, isWanted } = await look(page, css, text);
    if (isWanted) return;
    passed.push(name);
  }
  throw new Error(`Nobody comes to ${css} ${text} by ${key}: ${passed.join(' | ')}`);
}

/** Presses a key, which must leave the focus somewhere, and where it can be seen. */
export async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await look(page);
}
