import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** A real browser for tests. Loaded by tests alone. */

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why there is no browser to test with; false where there is one. */
export const noBrowser: string | false = existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM}`;

export interface BrowserOptions {
  colorScheme?: 'light' | 'dark';
  width?: number;
  reducedMotion?: 'reduce' | 'no-preference';
  javaScriptEnabled?: boolean;
  /** What the session's cookie holds. */
  secret?: string;
}

export interface OpenedBrowser {
  page: Page;
  context: BrowserContext;
  /** What a reader's console would show, and every request that goes elsewhere. */
  troubles: string[];
}

/** Longer than anything takes that works, on a machine that has other work to do. */
const WAIT_MS = 20_000;

/** One browser, in which each `open` is somebody else's: nothing is shared between them. */
export function makeBrowsers(url: () => string) {
  let browser: Promise<Browser> | null = null;
  let contexts: BrowserContext[] = [];
  return {
    async open(options: BrowserOptions = {}): Promise<OpenedBrowser> {
      browser ??= chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
      const context = await (await browser).newContext({
        baseURL: url(),
        colorScheme: options.colorScheme ?? 'light',
        reducedMotion: options.reducedMotion ?? 'no-preference',
        javaScriptEnabled: options.javaScriptEnabled ?? true,
        viewport: { width: options.width ?? 1280, height: 900 },
      });
      context.setDefaultTimeout(WAIT_MS);
      contexts.push(context);
      if (options.secret !== undefined)
        await context.addCookies([{ name: 'muster', value: options.secret, url: url() }]);
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
      });
      page.on('pageerror', (error) => troubles.push(String(error)));
      page.on('dialog', (dialog) => {
        troubles.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(`${url()}/`)) troubles.push(`request to ${request.url()}`);
      });
      return { page, context, troubles };
    },
    /** Ends what was opened; the next one is opened in the same browser. */
    async leave(): Promise<void> {
      for (const context of contexts) await context.close();
      contexts = [];
    },
    async close(): Promise<void> {
      await (await browser)?.close();
    },
  };
}

/** Rules of axe: of a page that is looked at in light colours, too, nothing but the colours differs in dark ones. */
export type Rules = 'all' | 'colours';

export function rulesFor({ colorScheme }: { colorScheme: 'light' | 'dark' }): Rules {
  return colorScheme === 'dark' ? 'colours' : 'all';
}

/** What axe finds on the page as it stands: nothing, if all is well. */
export async function violations(page: Page, rules: Rules = 'all'): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  const only = rules === 'all' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] };
  // Describing all that is well takes longer than finding what is not.
  const options = JSON.stringify({ ...only, resultTypes: ['violations'] });
  const found = await page.evaluate<{ id: string; nodes: { target: string[]; html: string }[] }[]>(
    `axe.run(document, ${options}).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, html }) => ({ target, html })) })))`,
  );
  return found.map(
    ({ id, nodes }) =>
      `${id} (${nodes.length}) ${nodes[0]?.target.join(' ')} ${nodes[0]?.html.slice(0, 200)}`,
  );
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
