/**
 * `npm run ui:bench`: from a cold cache, how long until the first row of a page is there, in how many requests and
 * bytes, and which hosts were asked. Each page in a browser of its own, several times; the median counts.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Stage } from '../test/ui/browser.ts';
import { furnish } from '../test/ui/furnish.ts';
import { figure, formatSection, type Section } from './figure.ts';
import { describeMachine } from './machine.ts';

const REPEATS = 7;

interface Target {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  /** What a person waits for. */
  readonly seen: string;
  readonly ms: number;
  readonly bytes: number;
}

interface Visit {
  readonly ms: number;
  readonly bytes: number;
  readonly requests: number;
  readonly hosts: ReadonlySet<string>;
}

const loadBefore = loadavg()[0]!;
const stage = await Stage.open();
try {
  const places = await furnish(stage);
  const targets: Target[] = [
    {
      id: 'list',
      title: 'list of workflows, first row',
      path: places.workflows,
      seen: '[data-row]',
      ms: 600,
      bytes: 300_000,
    },
    {
      id: 'editor',
      title: 'editor, first node',
      path: places.editor,
      seen: '.react-flow__node',
      ms: 1_000,
      bytes: 600_000,
    },
    {
      id: 'executions',
      title: 'list of executions, first row',
      path: places.executions,
      seen: '[data-row]',
      ms: 600,
      bytes: 300_000,
    },
    {
      id: 'execution',
      title: 'page of an execution, first node',
      path: places.execution,
      seen: '.react-flow__node',
      ms: 1_000,
      bytes: 600_000,
    },
  ];
  const sections: Section[] = [];
  for (const target of targets) {
    const visits: Visit[] = [];
    for (let number = 0; number < REPEATS; number += 1) visits.push(await visit(target));
    const section = sectionOf(target, visits);
    console.log(formatSection(section));
    sections.push(section);
  }
  keep(sections);
} finally {
  await stage.close();
}

/** A new browser profile that is signed in and has nothing in its cache. */
async function visit({ path, seen }: Target): Promise<Visit> {
  const page = await stage.stranger();
  const { program } = stage;
  await page.request.post('/api/sign-in', { data: { key: program.apiKey }, headers: { origin: program.url } });
  const hosts = new Set<string>();
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  let requests = 0;
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ request }) => {
    requests += 1;
    // What stands in the page itself (data:) asks nobody.
    if (request.url.startsWith('http')) hosts.add(new URL(request.url).host);
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.addInitScript({ content: noteWhenSeen(seen) });
  const begun = performance.timeOrigin + performance.now();
  await page.goto(path, { waitUntil: 'commit' });
  await page.locator(seen).first().waitFor();
  const ms = Number(await page.waitForFunction('seenAt').then((at) => at.jsonValue())) - begun;
  // What is on its way when the row is there counts as well.
  await page.waitForTimeout(500);
  await stage.closePages();
  return { ms, bytes, requests, hosts };
}

/**
 * A script that looks at each frame of the page: whoever asks from outside does so less and less often, and learns of it up to
 * half a second late. It notes the frame after the one in which it was found: then it is on the screen.
 */
function noteWhenSeen(selector: string): string {
  return `{
  const look = () => {
    const found = document.querySelector(${JSON.stringify(selector)});
    const isThere = found?.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    requestAnimationFrame(isThere ? note : look);
  };
  const note = () => {
    globalThis.seenAt = performance.timeOrigin + performance.now();
  };
  requestAnimationFrame(look);
}`;
}

function sectionOf(target: Target, visits: readonly Visit[]): Section {
  const hosts = new Set(visits.flatMap((one) => [...one.hosts]));
  return {
    id: target.id,
    title: `${target.title}: cold cache, median of ${visits.length}`,
    figures: [
      figure('visible after', median(visits.map(({ ms }) => ms)), 'ms', { below: target.ms }),
      figure('transferred', median(visits.map(({ bytes }) => bytes)) / 1_000, 'kB', { below: target.bytes / 1_000 }),
      figure('requests', median(visits.map(({ requests }) => requests)), ''),
      figure('hosts asked', hosts.size, '', { below: 2 }),
    ],
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function keep(sections: readonly Section[]): void {
  const machine = describeMachine();
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--short', 'HEAD');
  const name = `${machine.date.slice(0, 10)}-ui.json`;
  const file = fileURLToPath(new URL(`results/${name}`, import.meta.url));
  const result = { machine, commit, changed: git('status', '--porcelain') !== '', loadBefore, sections };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Kept in bench/results/${name}`);
}
