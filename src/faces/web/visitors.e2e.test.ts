import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { ASSETS } from './testing-app.ts';
import { makeBrowsers, noBrowser } from './testing-browser.ts';
import { signIn, type TestPerson } from './testing-people.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');
const LONG = `https://blog.example/${'a-very-long-way-'.repeat(12)}`;

/** Every step by links and forms alone: none of these pages needs a script. */
describe('what people do who have no account, and what becomes of it, without a script', {
  skip: noBrowser,
}, () => {
  let database: Database;
  let server: RunningServer;
  let ids: SampleIds;
  let ada: TestPerson;
  let sid: TestPerson;
  let clock = NOW;
  const browsers = makeBrowsers(() => server.url);

  before(async () => {
    database = await testDatabase();
    ids = await seedSample(database);
    const config = loadConfig({ MUSTER_SECURITY_CONTACT: 'security@nixos.example' });
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    const app = createApp({ database, config, assets: ASSETS, log, now: () => clock, keepSeconds: 0 });
    server = await startServer(app, { host: '127.0.0.1', port: 0 });
    ada = await signIn(database, 'ada', 'triager');
    sid = await signIn(database, 'sid', 'security');
    mkdirSync(ARTEFACTS, { recursive: true });
  });
  after(async () => {
    await browsers.close();
    await server?.close();
    await database?.close();
  });

  const open = async (who: TestPerson | null, width = 1280): Promise<Page> => {
    const { page } = await browsers.open({
      ...{ javaScriptEnabled: false, width },
      ...(who === null ? {} : { secret: who.secret }),
    });
    return page;
  };
  const keep = (page: Page, name: string) =>
    page.screenshot({ path: join(ARTEFACTS, `visitors-${name}.png`), fullPage: true });

  test('a visitor reports on the phone, a triager releases it, and everybody reads it under its address', async () => {
    const visitor = await open(null, 390);
    await visitor.goto('/');
    await visitor.click('main >> text=Report a problem');
    await visitor.click('text=Yes, it is public');
    await visitor.fill('input[name=url]', LONG);
    await visitor.fill('textarea[name=words]', 'It hits zlotnik, too.');
    await keep(visitor, 'form');
    clock = new Date(NOW.getTime() + 60_000);
    await visitor.click('text=Send it');
    await visitor.waitForSelector('text=Thank you, it has arrived');
    await keep(visitor, 'sent');
    const shown = async (path: string) => {
      await visitor.goto(path);
      return visitor.innerText('body');
    };
    const issue = `/issues/${ids.issue}`;
    for (const path of [issue, '/history', '/search?q=zlotnik', '/issues?q=zlotnik', '/'])
      assert.doesNotMatch(await shown(path), /hits zlotnik|report of visitors/, `${path} before`);

    const triager = await open(ada, 390);
    await triager.goto('/');
    await triager.click('text=report of visitors');
    await triager.waitForURL('**/intake');
    assert.match(await triager.innerText('main'), /It hits zlotnik, too\./);
    assert.equal(await triager.evaluate('document.documentElement.scrollWidth'), 390);
    await keep(triager, 'intake');
    await triager.click('text=Report 1');
    await triager.fill('#form-comment input[name=issue]', ids.issue);
    await keep(triager, 'decide');
    await triager.click('text=Release it to the public');
    await triager.waitForURL('**/intake?done=1');
    assert.match(await triager.innerText('[role=status]'), /Report 1/);

    await visitor.goto(issue);
    assert.match(await visitor.innerText('#comment-1'), /a visitor[\s\S]*It hits zlotnik, too\./i);
    await keep(visitor, 'released');
  });

  test('what is not public is answered with whom to write to', async () => {
    const visitor = await open(null);
    await visitor.goto('/no-such-page');
    await visitor.click('main >> text=Report a problem');
    await visitor.click('text=No, or I am not sure');
    assert.match(await visitor.innerText('main'), /security@nixos\.example/);
    assert.equal(await visitor.locator('main input, main textarea').count(), 0);
  });

  test('two own issues are opened, made one with a preview, and made two again from the history', async () => {
    const page = await open(sid);
    const made: string[] = [];
    for (const name of ['alpha', 'beta']) {
      await page.goto('/issues');
      await page.click('main >> text=open one');
      await page.fill('input[name=product]', name);
      await page.fill('input[name=title]', `${name}: forgets what it is told`);
      await page.fill('textarea[name=summary]', `**${name}** forgets.`);
      await page.click('main >> text=Open it');
      await page.waitForURL(/\/issues\/NSI-/);
      made.push(/NSI-\d+-\d+/.exec(page.url())?.[0] ?? '');
    }
    const [a = '', b = ''] = made;
    await page.goto(`/issues/${a}`);
    await page.click('main >> text=Merge');
    await page.fill('input[name=with]', b);
    await page.click('text=Show what that moves');
    assert.match(await page.innerText('main'), /What becomes one[\s\S]*title: alpha[^\n]* or beta/);
    await keep(page, 'merge');
    await page.fill('textarea[name=reason]', 'one fix closes both');
    await page.click('text=Make them one');
    await page.waitForURL(`**/issues/${a}`);
    await page.goto(`/issues/${b}`);
    assert.match(page.url(), new RegExp(`/issues/${a}`));
    await page.click('main >> text=Take back entry');
    await page.fill('textarea[name=reason]', 'two fixes after all');
    await page.click('main >> text=Take it back');
    await page.waitForURL(`**/issues/${a}`);
    assert.match(await page.innerText('main'), /1 vulnerability\b[\s\S]*split NSI-2017-\d+ off/);
    await page.goto('/issues?q=beta');
    const found = await page.locator('main a.id').allInnerTexts();
    const apart = found.find((id) => id !== a && id !== b);
    assert.ok(
      apart !== undefined,
      'an id that led elsewhere leads there for good; the part has one of its own',
    );
    await page.goto(`/issues/${apart}`);
    assert.match(await page.innerText('h1'), /^beta:/);
  });

  test('somebody watches an issue, says something of it, and stops watching', async () => {
    const page = await open(ada);
    await page.goto(`/issues/${ids.issue}`);
    await page.click('#watch button');
    await page.waitForSelector('#watch button[aria-pressed=true]');
    await page.fill('textarea[name=body]', 'I look at it, @sid.');
    await page.click('text=Say it');
    await page.waitForURL(/#comment-\d+$/);
    const anchor = new URL(page.url()).hash;
    assert.equal(await page.locator(`${anchor} a[href="/people/sid"]`).count(), 1);
    await page.click('#watch button');
    await page.waitForSelector('#watch button[aria-pressed=false]');
  });
});
