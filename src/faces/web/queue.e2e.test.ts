import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Page, Route } from 'playwright-core';
import { type Database, verifyLog } from '#base/db';
import { decisionsOfIssues, settleSuggestions } from '#domain/matching';
import { proposalById } from '#domain/proposals';
import { withPeople } from '../../../test/people.ts';
import { suggest } from '../../../test/suggestions.ts';
import { createApp } from './app.ts';
import { type RunningServer, startServer } from './server.ts';
import { ASSETS, CONFIG } from './testing-app.ts';
import { makeBrowsers, noBrowser, type OpenedBrowser, violations } from './testing-browser.ts';
import { signIn, type TestPerson } from './testing-people.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');
const ISSUES = ['NSI-2017-0001', 'NSI-2017-0002', 'NSI-2017-0003', 'NSI-2017-0004'];

describe('the queue by keyboard', { skip: noBrowser }, () => {
  let database: Database;
  let server: RunningServer;
  let ada: TestPerson;
  let ben: TestPerson;
  const browsers = makeBrowsers(() => server.url);

  before(() => mkdirSync(ARTEFACTS, { recursive: true }));
  after(() => browsers.close());

  beforeEach(async () => {
    database = await withPeople();
    const now = new Date();
    ada = await signIn(database, 'ada-l', 'triager', now, 'Ada Lovelace');
    ben = await signIn(database, 'ben-b', 'triager', now, 'Ben Bitdiddle');
  });

  afterEach(async () => {
    await browsers.leave();
    await server.close();
    await verifyLog(database.queries);
    await database.close();
  });

  /** So many suggestions wait, over four issues. */
  async function withWaiting(count: number): Promise<void> {
    await sql`insert into revision (channel, commit, committed_at, packages, content_hash, patches_known)
      select name, md5(name) || '00000000', now(), 1, '\\x00', true from channel`.execute(database.queries);
    const cell = { channel: 'nixos-17.03', version: '1.0', verdict: 'affected', why: '1.0 < 1.1' } as const;
    await suggest(
      database,
      Array.from({ length: count }, (_, n) => ({
        issue: ISSUES[n % ISSUES.length] ?? '',
        attr: `package-${n}`,
        score: 0.9 - n / 1000,
        cells: [cell],
      })),
    );
    await settleSuggestions(database);
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    server = await startServer(createApp({ database, config: CONFIG, assets: ASSETS, log }), {
      host: '127.0.0.1',
      port: 0,
    });
  }

  /** @param between what stands between the page and the server: there before the page is, else its first request slips through */
  async function onQueue(
    person: TestPerson,
    between: ((route: Route) => Promise<void>) | null = null,
  ): Promise<OpenedBrowser> {
    const browser = await browsers.open({ secret: person.secret });
    if (between !== null) await browser.context.route('**/queue', between);
    const live = browser.page.waitForResponse((response) => response.url().includes('/live?'));
    await browser.page.goto('/queue');
    await live;
    return browser;
  }

  /** Keys are counted as the page hears them; whatever a pointer does is kept as well. */
  async function watchHands(page: Page): Promise<() => Promise<{ keys: number; pointed: string[] }>> {
    await page.evaluate(`
      globalThis.hands = { keys: 0, pointed: [] };
      addEventListener('keydown', () => { hands.keys += 1 }, true);
      for (const name of ['pointerdown', 'pointerup', 'pointermove', 'mousedown', 'mouseup', 'touchstart', 'wheel'])
        addEventListener(name, () => hands.pointed.push(name), true);`);
    return () => page.evaluate('hands');
  }

  const current = (page: Page) => page.locator('[data-queue] tr[data-current]');
  /** Waits until the page has so many of something. */
  async function counts(page: Page, selector: string, wanted: number): Promise<void> {
    const found = page.locator(`[data-queue] ${selector}`);
    for (let tries = 0; tries < 200 && (await found.count()) !== wanted; tries += 1)
      await page.waitForTimeout(100);
    assert.equal(await found.count(), wanted, selector);
  }
  const idOf = async (page: Page) => (await current(page).getAttribute('id')) ?? '';
  const decisions = async () =>
    (await decisionsOfIssues(database.queries, ISSUES)).filter(({ value }) => value !== null);
  const said = (page: Page, words: RegExp) => page.locator('#said .saying', { hasText: words }).waitFor();

  test('a person decides a hundred suggestions without a pointer, with at most two keys each', async () => {
    await withWaiting(120);
    const { page, troubles } = await onQueue(ada);
    const hands = await watchHands(page);
    assert.equal(await page.locator('[data-queue] tr[data-item]').count(), 100);
    let allowed = 0;
    for (let n = 0; n < 100; n += 1) {
      // Every third is ours; of the others every second is none of ours for another reason than the last one.
      const keys = n % 3 === 0 ? ['y'] : n % 2 === 0 ? ['d'] : ['d', String(1 + (n % 5))];
      for (const key of keys) await page.keyboard.press(key);
      allowed += 2;
      if (n === 50) await page.screenshot({ path: join(ARTEFACTS, 'web-queue-midway.png') });
    }
    await page.locator('[data-queue] tr[data-item]').first().waitFor();
    await counts(page, 'tr[data-decided]', 0);
    // What follows came by itself.
    await counts(page, 'tr[data-item]', 20);
    const { keys, pointed } = await hands();
    console.log(`      ${keys} keys for 100 suggestions`);
    assert.deepEqual(pointed, []);
    assert.ok(keys <= allowed, `${keys} keys`);
    const made = await decisions();
    assert.equal(made.length, 100);
    assert.equal(new Set(made.map(({ id }) => id)).size, 100);
    assert.equal(made.filter(({ value }) => value?.decision === 'accepted').length, 34);
    assert.ok(
      new Set(made.map(({ value }) => (value?.decision === 'dismissed' ? value.reason : ''))).size > 3,
    );
    // Each by the one path: an entry of the history, of a change set of hers.
    assert.deepEqual([...new Set(made.map(({ by }) => by))], [ada.actor.id]);
    const { rows } = await sql<{ id: number; actor: string; proposal: number }>`select id, actor,
      (payload->>'proposal')::bigint as proposal from event where id = any(${made.map(({ version }) => version)}::bigint[])
      and type = 'suggestion.decision.set'`.execute(database.queries);
    assert.equal(rows.length, 100);
    assert.ok(rows.every(({ actor }) => actor === ada.actor.id));
    const set = await proposalById(database.queries, rows[0]?.proposal ?? 0);
    assert.deepEqual([set?.state, set?.author], ['accepted', ada.actor.id]);
    for (let n = 0; n < 20; n += 1) await page.keyboard.press('y');
    await said(page, /Nothing more waits here/);
    await counts(page, 'tr[data-item]', 0);
    assert.deepEqual(troubles, []);
  });

  test('moves by arrows and letters, undoes, skips, opens, says the keys; letters can be turned off', async () => {
    await withWaiting(8);
    const { page } = await onQueue(ada);
    const hands = await watchHands(page);
    const first = await idOf(page);
    await page.keyboard.press('ArrowDown');
    const second = await idOf(page);
    assert.notEqual(second, first);
    await page.keyboard.press('k');
    assert.equal(await idOf(page), first);

    await page.keyboard.press('y');
    assert.equal(await idOf(page), second, 'the next line follows by itself');
    await page.locator(`#${first}.line-gone`, { hasText: 'accepted' }).waitFor();
    await page.keyboard.press('u');
    await said(page, /Undone/);
    await page.locator(`#${first}[data-item]`).waitFor();
    assert.equal(await idOf(page), first, 'one is at what was undone');
    assert.equal((await decisions()).length, 0);

    await page.keyboard.press('s');
    await page.locator(`#${first}.line-gone`).waitFor();
    await page.keyboard.press('u');
    await page.locator(`#${first}[data-item]`).waitFor();

    // The likeliest reason at once; a digit gives another, and the next dismissal takes that.
    await page.keyboard.press('d');
    await page.locator(`#${first}.line-gone`, { hasText: 'another product' }).waitFor();
    await page.keyboard.press('3');
    await page.locator(`#${first}.line-gone`, { hasText: 'patched already' }).waitFor();
    await page.keyboard.press('d');
    await page.locator(`#${second}.line-gone`, { hasText: 'patched already' }).waitFor();
    await page.keyboard.press('7');
    await page.locator('dialog[open] textarea').waitFor();
    await page.keyboard.type('said elsewhere');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator(`#${second}.line-gone`, { hasText: 'another reason' }).waitFor();
    assert.deepEqual(
      (await decisions()).map(({ value }) => value).find((value) => value?.note !== undefined),
      { decision: 'dismissed', reason: 'other', note: 'said elsewhere' },
    );

    // Many at once.
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('y');
    await counts(page, 'tr.line-gone', 4);
    assert.equal((await decisions()).length, 4);

    await page.keyboard.press('?');
    await page.locator('dialog[open] .keys', { hasText: 'In the queue' }).waitFor();
    await page.locator('dialog[open] #keys-on').press('Space');
    await page.keyboard.press('Escape');
    const before = await idOf(page);
    await page.keyboard.press('y');
    await page.keyboard.press('j');
    assert.equal(await idOf(page), before);
    assert.equal((await decisions()).length, 4);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/issues/NSI-*');
    assert.deepEqual(((await hands().catch(() => null)) ?? { pointed: [] }).pointed, []);
  });

  test('somebody was faster: shown in the line, and either may stand; others’ decisions come in by themselves', async () => {
    await withWaiting(4);
    const [first, second] = [await onQueue(ada), await onQueue(ben)];
    const line = await idOf(first.page);
    // Ben’s page does not hear of it before he decides.
    await second.context.route('**/live?*', (route) => route.abort());
    await second.page.reload();
    await first.page.keyboard.press('y');
    await first.page.locator(`#${line}.line-gone`).waitFor();
    await second.page.keyboard.press('d');
    const shown = second.page.locator(`#${line} .conflict-here`);
    await shown.waitFor();
    assert.match((await shown.textContent()) ?? '', /@ada-l setaccepted.*You setdismissed/s);
    assert.deepEqual(await violations(second.page), []);
    await second.page.screenshot({ path: join(ARTEFACTS, 'web-queue-conflict.png') });
    await second.page.keyboard.press('Tab');
    await second.page.keyboard.press('Enter');
    await second.page.locator(`#${line}.line-gone`, { hasText: 'dismissed' }).waitFor();
    // Ada sees it where she is.
    await first.page.locator(`#${line}.line-gone`, { hasText: 'by @ben-b' }).waitFor();
    const [decided] = await decisions();
    assert.deepEqual([decided?.value?.decision, decided?.by], ['dismissed', ben.actor.id]);
  });

  test('what cannot be saved is shown in its line and stays, and is sent when there is a connection', async () => {
    await withWaiting(4);
    let onPost: (route: Route) => Promise<void> = (route) => route.abort();
    const { page } = await onQueue(ada, (route) =>
      route.request().method() === 'POST' ? onPost(route) : route.continue(),
    );
    const line = await idOf(page);
    await page.keyboard.press('y');
    await page.locator(`#${line}[data-unsaved] [data-state*="kept here"]`).waitFor();
    await said(page, /no connection/);
    assert.equal((await decisions()).length, 0);
    onPost = (route) => route.continue();
    await page.reload();
    await said(page, /was sent/);
    assert.deepEqual(
      (await decisions()).map(({ value }) => value),
      [{ decision: 'accepted' }],
    );
    // What the server refuses comes back, with why.
    onPost = (route) => route.fulfill({ status: 503, json: { message: 'The database is away.' } });
    const next = await idOf(page);
    await page.keyboard.press('d');
    await page.locator(`#${next}[data-unsaved]`, { hasText: 'The database is away.' }).waitFor();
    onPost = (route) => route.continue();
    await page.keyboard.press('k');
    await page.keyboard.press('d');
    await page.locator(`#${next}.line-gone`, { hasText: 'dismissed' }).waitFor();
  });

  test('without JavaScript the same is done by its forms', async () => {
    await withWaiting(5);
    const { page } = await browsers.open({ secret: ada.secret, javaScriptEnabled: false });
    await page.goto('/queue');
    const lines = page.locator('[data-queue] tr[data-item]');
    await lines.first().getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(/\/queue\?set=\d+/);
    assert.equal(await lines.count(), 4);
    await lines
      .first()
      .getByRole('link', { name: /with a reason/ })
      .click();
    await page.getByLabel('not our version').check();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.waitForURL(/\/queue\?set=\d+/);
    await lines.nth(0).getByRole('checkbox').check();
    await lines.nth(1).getByRole('checkbox').check();
    await page.locator('.queue-bulk').getByRole('button', { name: 'Dismiss' }).click();
    await page.waitForURL(/\/queue\?set=\d+/);
    assert.equal(await lines.count(), 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForURL(/\/queue/);
    assert.equal(await lines.count(), 3);
    await page.getByRole('button', { name: 'Give me ten' }).click();
    await page.waitForURL(/\/queue\?mine=yes/);
    assert.equal(await lines.count(), 3);
    await page.getByRole('button', { name: 'Give them back' }).click();
    await page.waitForURL(/\/queue\?mine=yes/);
    assert.equal(await lines.count(), 0);
    assert.deepEqual(
      (await decisions()).map(({ value }) => value),
      [{ decision: 'accepted' }, { decision: 'dismissed', reason: 'not_our_version' }],
    );
  });
});
