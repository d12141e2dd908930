import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Database } from '#base/db';
import { findThreads, knownLists, type Mailbox, syncMailbox, type Thread } from '#domain/threads';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { ASSETS, CONFIG } from './testing-app.ts';
import { makeBrowsers, noBrowser, rulesFor, violations } from './testing-browser.ts';
import { signIn, type TestPerson } from './testing-people.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');

describe('threads of mailing lists in a browser', { skip: noBrowser }, () => {
  let database: Database;
  let server: RunningServer;
  let ids: SampleIds;
  let ada: TestPerson;
  const browsers = makeBrowsers(() => server.url);

  before(() => mkdirSync(ARTEFACTS, { recursive: true }));
  beforeEach(async () => {
    database = await testDatabase();
    ids = await seedSample(database);
    for (const number of [1, 2, 3]) await takeIn(number);
    // By the real clock: a claim of the sample's day ran out long ago.
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    const app = createApp({ database, config: CONFIG, assets: ASSETS, log, keepSeconds: 0 });
    server = await startServer(app, { host: '127.0.0.1', port: 0 });
    ada = await signIn(database, 'ada-l', 'triager', new Date());
  });
  afterEach(async () => {
    await browsers.leave();
    await server.close();
    await database.close();
  });
  after(() => browsers.close());

  /** A thread of its own. */
  async function takeIn(number: number): Promise<void> {
    const text = [
      ...['List-Id: <oss-security.lists.openwall.com>', 'From: Ada <ada@example.org>'],
      ...[`Message-ID: <thread-${number}@example.org>`, `Date: Fri, 2${number} Feb 2017 14:00:00 +0000`],
      ...[`Subject: frobd: flaw ${number}`, '', `Please use CVE-2017-9100${number} for it.`, ''],
    ].join('\n');
    const mailbox: Mailbox = {
      name: 'threads',
      async *read() {
        yield { kind: 'message', place: String(number), bytes: Buffer.from(text) };
      },
      after: () => null,
    };
    await syncMailbox(database, mailbox, { lists: knownLists(), at: NOW });
  }

  const about = async (cve: string): Promise<Thread> => {
    const [thread] = await findThreads(database.queries, { state: 'all', about: cve, limit: 1 });
    assert.ok(thread !== undefined, cve);
    return thread;
  };
  const heading = (page: Page) => page.locator('h1').innerText();
  const focused = (page: Page) =>
    page.evaluate<string>('document.activeElement?.id || document.activeElement?.textContent?.trim() || ""');

  /** What every deed comes to, with a script and without one. */
  async function decideAll(page: Page): Promise<void> {
    const [first, second, third] = [
      await about('CVE-2017-91001'),
      await about('CVE-2017-91002'),
      await about('CVE-2017-91003'),
    ];
    await page.goto(`/threads/${first.id}`);
    await page.getByRole('button', { name: 'Claim it' }).click();
    await page.locator('p.claim', { hasText: 'Claimed by' }).waitFor();
    await page.getByRole('button', { name: 'Give the claim back' }).click();
    await page.getByRole('button', { name: 'Claim it' }).waitFor();
    assert.equal((await about('CVE-2017-91001')).claim, null);
    await page.fill('#attach-issue', ids.issue.toLowerCase());
    await page.getByRole('button', { name: 'Attach', exact: true }).click();
    await page.getByText('decided:').first().waitFor();
    assert.deepEqual(await about('CVE-2017-91001').then(({ issue, waits }) => [issue, waits]), [
      ids.issue,
      false,
    ]);
    await page.goto(`/issues/${ids.issue}`);
    await page.getByRole('row', { name: /frobd: flaw 1.*belongs here/s }).waitFor();

    await page.goto(`/threads/${second.id}`);
    await page.locator('summary', { hasText: 'Dismiss it' }).click();
    await page.getByLabel('only talk').check();
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
    await page.getByText('dismissed (').first().waitFor();
    await page.getByRole('button', { name: 'Let it wait again' }).click();
    await page.getByRole('button', { name: 'Claim it' }).waitFor();
    assert.equal((await about('CVE-2017-91002')).waits, true);

    await page.goto(`/threads/${third.id}`);
    await page.locator('summary', { hasText: 'Make it an issue' }).click();
    await page.fill('#issue-title', 'frobd: a flaw from a list');
    await page.getByRole('button', { name: 'Make an issue' }).click();
    await page.getByText('decided:').first().waitFor();
    const { issue } = await about('CVE-2017-91003');
    assert.ok(issue !== null && issue !== ids.issue);
    await page.goto(`/issues/${issue}`);
    assert.match(await heading(page), /a flaw from a list/);
  }

  test('are claimed, attached, dismissed and made issues with a script', async () => {
    const { page, troubles } = await browsers.open({ secret: ada.secret });
    await decideAll(page);
    assert.deepEqual(troubles, []);
  });

  test('the same without a script, on a phone', async () => {
    const { page } = await browsers.open({ secret: ada.secret, javaScriptEnabled: false, width: 390 });
    await decideAll(page);
  });

  test('by keyboard: j and k walk, Enter opens, a goes to the issue, c claims, d opens the reasons', async () => {
    const { page, troubles } = await browsers.open({ secret: ada.secret });
    await page.goto('/threads');
    const lines = await page.locator('[data-item] h2').allInnerTexts();
    assert.equal(lines.length, 4);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    const current = page.locator('[data-item][data-current] h2');
    assert.equal(await current.innerText(), lines[1]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/threads\/\d+$/);
    assert.equal(await heading(page), lines[1]);
    await page.keyboard.press('c');
    await page.locator('p.claim', { hasText: 'Claimed by' }).waitFor();
    await page.keyboard.press('d');
    assert.equal(await page.locator('details:has(#deed-dismiss)').getAttribute('open'), '');
    await page.keyboard.press('a');
    assert.equal(await focused(page), 'attach-issue');
    assert.deepEqual(troubles, []);
  });

  test('read well in light and dark, wide and on a phone', async () => {
    const thread = await about('CVE-2017-3731');
    const { page, troubles } = await browsers.open({ secret: ada.secret, reducedMotion: 'reduce' });
    for (const [name, path] of [
      ['list', '/threads?state=all'],
      ['thread', `/threads/${thread.id}`],
      ['issue', `/issues/${ids.issue}`],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1280, 390]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          await page.goto(path);
          for (const summary of await page.locator('.deciding summary').all()) await summary.click();
          assert.deepEqual(
            await violations(page, rulesFor({ colorScheme })),
            [],
            `${path} ${colorScheme} ${width}`,
          );
          const wide = await page.evaluate<number>(
            'document.documentElement.scrollWidth - window.innerWidth',
          );
          assert.ok(wide <= 0, `${path} is ${wide} px too wide at ${width}`);
          const file = `threads-${name}-${colorScheme}-${width}.png`;
          await page.screenshot({ path: join(ARTEFACTS, file), fullPage: true });
        }
    assert.deepEqual(troubles, []);
  });
});
