/** A real server and a real browser for the tests of the pages: one of each for a file of tests. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { Program } from '../program/server.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Debian's browser asks for rasters by a graphics card; where there is none, the processor plays one, slowly. */
const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-gpu-rasterization'];
const BUILT_WITHIN_MS = 120_000;

export const chromiumPath = (): string | undefined =>
  [process.env.MYELIN_TEST_BROWSER ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));

export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'dark' | 'light';
  /** Of the clocks of the browser; absent: of this machine. */
  readonly timezone?: string;
}

export class Stage {
  readonly program: Program;
  readonly browser: Browser;
  #pages: Page[] = [];

  private constructor(program: Program, browser: Browser) {
    this.program = program;
    this.browser = browser;
  }

  /** `config` is what stands in its config.yaml. */
  static async open(env: Readonly<Record<string, string>> = {}, config = ''): Promise<Stage> {
    const program = await Program.create(env);
    if (config !== '') writeFileSync(join(program.home, 'config.yaml'), config);
    await program.start();
    const executablePath = chromiumPath();
    if (executablePath === undefined)
      throw new Error('There is no Chromium; install it, or name it in MYELIN_TEST_BROWSER');
    const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
    const stage = new Stage(program, browser);
    await stage.built();
    return stage;
  }

  /** Resolves when the server has its pages: until then it sends one that shows them by itself. */
  async built(): Promise<void> {
    const page = await this.stranger();
    await page.goto('/');
    const failure = page.getByText('could not be built');
    await page.getByLabel('API key').or(failure).waitFor({ timeout: BUILT_WITHIN_MS });
    if (await failure.isVisible()) throw new Error(`The pages are not built:\n${this.program.output}`);
    await this.closePages();
  }

  /** A browser of its own that nobody has signed in. */
  async stranger({ width = 1280, height = 800, theme = 'light', timezone }: View = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      baseURL: this.program.url,
      ...(timezone !== undefined && { timezoneId: timezone }),
    });
    const page = await context.newPage();
    this.#pages.push(page);
    return page;
  }

  /** A page of a browser that is signed in; without a key by that of the owner. */
  async visit(path: string, view: View = {}, key = this.program.apiKey): Promise<Page> {
    const page = await this.stranger(view);
    const answer = await page.request.post('/api/sign-in', {
      data: { key },
      headers: { origin: this.program.url },
    });
    if (!answer.ok()) throw new Error(`Nobody could sign in: ${answer.status()} ${await answer.text()}`);
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  /** The id of a workflow that is saved and active; `document` is YAML. */
  async deploy(document: string): Promise<string> {
    const { status, body } = await this.program.call('POST', '/api/workflows?activate=true', document, {
      'content-type': 'application/yaml',
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.id;
  }

  /** The id of an execution. */
  async run(workflow: string, input: unknown = {}): Promise<string> {
    const { status, body } = await this.program.call('POST', `/api/workflows/${workflow}/execute`, { input });
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body.executionId;
  }

  /** Resolves when the execution has this status. */
  async until(executionId: string, status: string): Promise<void> {
    const hearing = new AbortController();
    const changes = await fetch(`${this.program.url}/api/live`, {
      headers: { authorization: `Bearer ${this.program.apiKey}` },
      signal: hearing.signal,
    });
    try {
      // The first frame comes at once, and one after each change.
      for await (const _ of changes.body ?? []) {
        const { body } = await this.program.call('GET', `/api/executions/${executionId}`);
        if (body.status === status) return;
      }
    } finally {
      hearing.abort();
    }
    throw new Error(`The server went before the execution was ${status}`);
  }

  async closePages(): Promise<void> {
    await Promise.all(this.#pages.splice(0).map((page) => page.context().close()));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.program.dispose();
  }
}

/** Resolves when nothing on the page is on its way any more. */
export async function loaded(page: Page): Promise<void> {
  await page.locator('[role=status] > .animate-pulse').first().waitFor({ state: 'detached' });
}

/** Faults of accessibility that hinder somebody; a line each. */
export async function accessFaults(page: Page): Promise<string[]> {
  // Without frames there is nothing to gather in a window of its own, which takes most of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Tests with a stage. Without a browser they are left out, and a line says so; CI demands one. */
export function onStage(
  name: string,
  tests: (stage: () => Stage) => void,
  env: Readonly<Record<string, string>> = {},
): void {
  const isMissing = chromiumPath() === undefined && process.env.CI === undefined;
  if (isMissing) console.warn(`${name}: left out, there is no Chromium on this machine`);
  describe.skipIf(isMissing)(name, () => {
    let stage: Stage | undefined;
    beforeAll(async () => {
      stage = await Stage.open(env);
    });
    afterAll(() => stage?.close());
    tests(() => stage as Stage);
  });
}
