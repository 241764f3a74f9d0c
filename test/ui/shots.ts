/**
 * `npm run ui:shots`: every page as a picture in docs/images, of a server in which something has happened. Only those that the
 * documents show are kept in git.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loaded, Stage, type View } from './browser.ts';
import { furnish } from './furnish.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
/** What nothing costs looks empty. */
const PRICES = ['assistant', 'triage']
  .map((name) => `  "scripted:${name}": { price: { version: "2026-11", input: 5, output: 20 } }`)
  .join('\n');
const PHONE: View = { width: 390, height: 844, theme: 'light' };

mkdirSync(FOLDER, { recursive: true });
const stage = await Stage.open({}, `models:\n${PRICES}\n`);
try {
  const places = await furnish(stage);
  await counted();
  for (const theme of ['light', 'dark'] as const) {
    for (const [name, path] of Object.entries(places)) await shoot(`${name}-${theme}`, path, { theme });
  }
  for (const name of ['approvals', 'execution', 'executions'] as const)
    await shoot(`${name}-phone`, places[name], PHONE);
} finally {
  await stage.close();
}

/** Resolves when the overview shows what has happened: figures are counted some seconds after what they count. */
async function counted(): Promise<void> {
  for (;;) {
    const { body } = await stage.program.call('GET', '/api/stats');
    if (body.totals.completed > 0 && body.totals.failed > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function shoot(name: string, path: string, view: View): Promise<void> {
  const page = await stage.visit(path, view);
  // Not `networkidle`: the line over which news comes stays open.
  // A page may load several things, one after the other; then it draws.
  await loaded(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await stage.closePages();
  console.log(`docs/images/${name}.png`);
}
