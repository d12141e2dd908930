import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { makeBrowsers, noBrowser, rulesFor, violations } from './testing-browser.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');

describe('in a browser', { skip: noBrowser }, () => {
  let database: Database;
  let ids: SampleIds;
  let server: RunningServer;
  const browsers = makeBrowsers(() => server.url);

  before(async () => {
    database = await testDatabase();
    ids = await seedSample(database);
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    const app = createApp({ database, config: loadConfig({}), assets: loadAssets(), log, now: () => NOW });
    server = await startServer(app, { host: '127.0.0.1', port: 0 });
    mkdirSync(ARTEFACTS, { recursive: true });
  });
  after(async () => {
    await browsers.close();
    await server?.close();
    await database?.close();
  });

  const pages = (): [name: string, path: string][] => [
    ['home', '/'],
    ['roundup', '/roundups/1'],
    ['roundups', '/roundups'],
    ['issue', `/issues/${ids.issue}`],
    ['issues', '/issues'],
    ['package', '/packages/openssl'],
    ['packages', '/packages?q=openssl'],
    ['channel', '/channels/nixos-16.09'],
    ['channels', '/channels'],
    ['report', '/reports/gentoo/GLSA-201702-07'],
    ['sources', '/sources'],
    ['insight', '/insight'],
    ['evidence', '/insight/evidence'],
    ['compare', '/channels/nixos-16.09/compare'],
    ['vulnerability', '/CVE-2017-3731'],
    ['unheard', '/CVE-2031-99999'],
    ['search', '/search?q=openssl'],
    ['not-found', '/packages/openss'],
    ['refused', '/channels/nixos-16.09?page=x'],
  ];

  test('one comes by links from the first page to a report, a package and a channel', async () => {
    const { page, troubles } = await browsers.open({});
    await page.goto('/');
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Roundup 1/ })
      .click();
    await page.waitForURL('**/roundups/1');
    await page.getByRole('link', { name: ids.issue }).first().click();
    await page.waitForURL(`**/issues/${ids.issue}`);
    await page.getByRole('link', { name: 'as read' }).first().click();
    await page.waitForURL('**/reports/debian/DSA-3773-1');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Raw document' }).click();
    assert.equal((await download).suggestedFilename(), 'debian-DSA-3773-1.txt');
    await page.getByRole('link', { name: ids.issue }).click();
    await page.getByRole('link', { name: 'openssl', exact: true }).first().click();
    await page.waitForURL('**/packages/openssl');
    await page.getByRole('link', { name: 'nixos-16.09' }).first().click();
    await page.waitForURL('**/channels/nixos-16.09');
    assert.match((await page.textContent('h1')) ?? '', /nixos-16\.09/);
    assert.deepEqual(troubles, []);
  });

  test('the search field answers a number at once', async () => {
    const { page, troubles } = await browsers.open({});
    await page.goto('/');
    await page.getByRole('searchbox').fill('cve-2017-3731');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/CVE-2017-3731');
    assert.match((await page.textContent('main')) ?? '', /It looks so: nixos-16\.09/);
    assert.deepEqual(troubles, []);
  });

  test('the reader’s theme stays chosen', async () => {
    const { page } = await browsers.open({ colorScheme: 'light' });
    const background = () =>
      page.evaluate('getComputedStyle(document.querySelector("html")).backgroundColor');
    await page.goto('/sources');
    const light = await background();
    await page.getByRole('link', { name: 'Dark', exact: true }).click();
    await page.locator('html[data-theme=dark]').waitFor();
    assert.equal(new URL(page.url()).pathname, '/sources');
    const dark = await background();
    assert.notEqual(dark, light);
    await page.goto('/');
    assert.equal(await background(), dark);
    await page.getByRole('link', { name: /as the system/ }).click();
    await page.locator('html:not([data-theme])').waitFor();
    assert.equal(await background(), light);
  });

  for (const look of [
    { name: 'light', colorScheme: 'light', width: 1280 },
    { name: 'dark', colorScheme: 'dark', width: 1280 },
    { name: 'phone', colorScheme: 'light', width: 390 },
  ] as const) {
    test(`every page fits, runs nothing and breaks no rule: ${look.name}`, async () => {
      const { page, troubles } = await browsers.open(look);
      const found: string[] = [];
      for (const [name, path] of pages()) {
        await page.goto(path);
        await page.screenshot({ path: join(ARTEFACTS, `web-${name}-${look.name}.png`), fullPage: true });
        const [content, window] = await widths(page);
        if (content > window) found.push(`${name} is ${content} px wide in a window of ${window}`);
        found.push(...(await violations(page, rulesFor(look))).map((words) => `${name}: ${words}`));
      }
      assert.deepEqual(found, []);
      // Answers of 4xx are what two of the pages are for.
      const unexpected = troubles.filter((text) => !/status of 4\d\d/.test(text));
      assert.deepEqual(unexpected, []);
    });
  }
});

/** How wide the page is, and the window. */
async function widths(page: Page): Promise<[number, number]> {
  return page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
}
