import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { fieldsOfIssues, statusesOf } from '#domain/issues';
import { type Change, type FieldValue, listProposals } from '#domain/proposals';
import { roundupView, untick } from '#domain/roundup';
import { sendChanges } from '#faces/editing';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { type SampleIds, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { ASSETS, CONFIG } from './testing-app.ts';
import { makeBrowsers, noBrowser, type OpenedBrowser, rulesFor, violations } from './testing-browser.ts';
import { signIn, type TestPerson } from './testing-people.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');
const OLD = 'nixos-16.09';
const NEW = 'nixos-unstable';
/** What changes elsewhere is seen within a second; a machine with other work to do is given five. */
const SOON_MS = 5_000;

describe('together, in browsers', { skip: noBrowser }, () => {
  let database: Database;
  let ids: SampleIds;
  let server: RunningServer;
  let app: () => ReturnType<typeof createApp>;
  let ada: TestPerson;
  let ben: TestPerson;
  let cleo: TestPerson;
  const browsers = makeBrowsers(() => server.url);

  before(() => mkdirSync(ARTEFACTS, { recursive: true }));
  after(() => browsers.close());

  beforeEach(async () => {
    database = await testDatabase();
    ids = await seedSample(database);
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    app = () => createApp({ database, config: CONFIG, assets: ASSETS, log });
    server = await startServer(app(), { host: '127.0.0.1', port: 0 });
    const now = new Date();
    ada = await signIn(database, 'ada', 'triager', now, 'Ada Lovelace');
    ben = await signIn(database, 'ben', 'triager', now, 'Ben Bitdiddle');
    cleo = await signIn(database, 'cleo', 'contributor', now, 'Cleo');
  });

  afterEach(async () => {
    await browsers.leave();
    await server.close();
    await verifyLog(database.queries);
    await database.close();
  });

  const cell = (page: Page, channel: string, issue = ids.issue) =>
    page.locator(`tr[id="${issue}"] td.cell-channel[data-label="${channel}"]`);
  const statusOf = async (channel: string, name = 'openssl') =>
    (await statusesOf(database.queries, [ids.issue])).find(
      (box) => box.channel === channel && box.package === name,
    )?.value;

  /** The roundup, live, with the keyboard in the given issue's line and channel. */
  async function onRoundup(person: TestPerson, options = {}): Promise<OpenedBrowser> {
    const browser = await browsers.open({ secret: person.secret, ...options });
    const live = browser.page.waitForResponse((response) => response.url().includes('/live?'));
    await browser.page.goto('/roundups/1');
    await live;
    return browser;
  }

  /** The two lines of the roundup, in the order of its page, with nothing done. */
  async function openLines(): Promise<[string, string]> {
    const { sections } = await roundupView(database.queries, 'NixOS', 1);
    const [one, two, ...rest] = sections.flatMap(({ lines }) => lines.map(({ issue }) => issue));
    assert.ok(one !== undefined && two !== undefined && rest.length === 0);
    for (const issue of [one, two]) await untick(database, issue, { by: 'test' });
    return [one, two];
  }

  async function goToIssue(page: Page, channel: string): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      if ((await page.locator(`tr[id="${ids.issue}"][data-current]`).count()) === 1) break;
      await page.keyboard.press('j');
    }
    for (let tries = 0; tries < 5; tries++) {
      const label = await page.evaluate('document.activeElement?.dataset.label');
      if (label === channel) return;
      await page.keyboard.press(channel === OLD ? 'h' : 'l');
    }
    assert.fail(`no way to ${channel}`);
  }

  const said = (page: Page, words: RegExp) => page.locator('#said .saying', { hasText: words }).waitFor();

  test('two people set two boxes at once: both win, and each sees the other’s within a second', async () => {
    const [first, second] = [await onRoundup(ada), await onRoundup(ben)];
    await goToIssue(first.page, OLD);
    await goToIssue(second.page, NEW);
    await Promise.all([first.page.keyboard.press('a'), second.page.keyboard.press('u')]);
    await said(first.page, /openssl in nixos-16\.09: affected/);
    await said(second.page, /openssl in nixos-unstable: under investigation/);
    const began = performance.now();
    await Promise.all([
      cell(first.page, NEW).getByText('under investigation').waitFor({ timeout: SOON_MS }),
      cell(second.page, OLD).getByText('AL', { exact: true }).waitFor({ timeout: SOON_MS }),
    ]);
    const seen = performance.now() - began;
    assert.ok(seen <= SOON_MS, `${seen} ms`);
    assert.deepEqual(
      [(await statusOf(OLD))?.status, (await statusOf(NEW))?.status],
      ['affected', 'under_investigation'],
    );
    assert.deepEqual([first.troubles, second.troubles], [[], []]);
  });

  test('a change reaches the other browser at once, where they are, and what they do is not disturbed', async () => {
    const [first, second] = [await onRoundup(ada), await onRoundup(ben)];
    await second.page.locator('.pick').first().check();
    await goToIssue(second.page, NEW);
    await goToIssue(first.page, OLD);
    const mark = cell(second.page, OLD)
      .getByText('affected', { exact: false })
      .and(second.page.locator('.set-affected'));
    await first.page.keyboard.press('a');
    const sent = performance.now();
    await mark.waitFor({ timeout: SOON_MS });
    console.log(`      seen elsewhere ${Math.round(performance.now() - sent)} ms after the key`);
    assert.equal(await second.page.evaluate('document.activeElement.dataset.label'), NEW);
    assert.equal(await second.page.locator('.pick:checked').count(), 1);
    assert.equal(await cell(second.page, OLD).locator('[data-just-changed]').count(), 1);
  });

  test('two people tick two lines at once: both stay, each sees the other’s; by key, by click, undone, and told', async () => {
    const [one, two] = await openLines();
    const [first, second] = [await onRoundup(ada), await onRoundup(ben)];
    const box = (page: Page, issue: string) => page.locator(`button[id="tick-${issue}"]`);
    const done = (page: Page, issue: string, state = 'true') =>
      page.locator(`button[id="tick-${issue}"][aria-pressed=${state}]`).waitFor({ timeout: SOON_MS });
    const stored = async () => {
      const list = await roundupView(database.queries, 'NixOS', 1);
      const lines = list.sections.flatMap((section) => section.lines);
      return [one, two].map((issue) => lines.find((line) => line.issue === issue)?.doneBy);
    };
    await second.page.locator('.pick').first().check();
    await second.page.locator('.pick').first().uncheck();
    await first.page.keyboard.press('j');
    await Promise.all([first.page.keyboard.press('t'), box(second.page, two).click()]);
    for (const { page } of [first, second]) for (const issue of [one, two]) await done(page, issue);
    assert.deepEqual(await stored(), ['ada', 'ben']);
    await said(first.page, /line in roundup 1: done/);
    // The head counts along, in the window that did not do it as well.
    await first.page
      .locator('#head', { hasText: /Remaining\s*0\s*Completed\s*2/ })
      .waitFor({ timeout: SOON_MS });
    await second.page.locator('#thanks', { hasText: 'ada, ben' }).waitFor({ timeout: SOON_MS });
    await first.page.screenshot({ path: join(ARTEFACTS, 'web-ticked.png'), fullPage: true });

    // The same box twice, by somebody whose page does not know: nothing happens, and who was first stays.
    const events = (await eventsOf(database.queries, 'roundup', '1')).length;
    const again = await sendChanges(
      database,
      ben.actor,
      { changes: [{ kind: 'roundup_line', id: `1/${one}`, field: 'done', value: true, saw: 0 }] },
      { rules: { secondOpinion: false } },
    );
    assert.ok(again.outcome === 'accepted' && again.made[0]?.changed === false);
    assert.equal((await eventsOf(database.queries, 'roundup', '1')).length, events);

    await second.page.locator('#said').getByRole('button', { name: 'Undo' }).click();
    for (const { page } of [first, second]) await done(page, two, 'false');
    assert.deepEqual(await stored(), ['ada', null]);
    await first.page.goto('/history?of=roundup:1');
    const told = (await first.page.textContent('main')) ?? '';
    assert.match(told, /line in roundup 1: done/);
    assert.match(told, /took back entry \d+; line in roundup 1: to do/);
    assert.deepEqual(await violations(first.page), []);
    assert.deepEqual([first.troubles, second.troubles], [[], []]);
  });

  test('who may not decide proposes a tick; what stands behind a line is written in place; many at once without scripts', async () => {
    await openLines();
    const [author, decider] = [await onRoundup(cleo), await browsers.open({ secret: ada.secret })];
    await author.page.locator('button.tick-box').first().click();
    await said(author.page, /Proposed/);
    assert.equal(await author.page.locator('button.tick-box[aria-pressed=true]').count(), 0);
    await decider.page.goto('/proposals');
    assert.match((await decider.page.textContent('.proposal')) ?? '', /line in roundup 1.*to do.*done/s);
    await decider.page.keyboard.press('j');
    await decider.page.keyboard.press('y');
    await author.page.locator('button.tick-box[aria-pressed=true]').waitFor({ timeout: SOON_MS });

    await decider.page.goto('/roundups/1');
    await decider.page
      .getByRole('button', { name: /^remark/ })
      .first()
      .click();
    await decider.page.getByLabel('What stands behind the line').fill('yes');
    await decider.page.locator('dialog[open]').getByRole('button', { name: 'Save' }).click();
    await decider.page.locator('.remark', { hasText: /^yes/ }).waitFor();
    await author.page.locator('.remark', { hasText: /^yes/ }).waitFor({ timeout: SOON_MS });
    assert.deepEqual(await violations(decider.page), []);

    const { page } = await browsers.open({ secret: ben.secret, javaScriptEnabled: false, width: 390 });
    await page.goto('/roundups/1');
    await page.locator('button.tick-box[aria-pressed=true]').click();
    await page.waitForURL(/\/roundups\/1\?set=\d+#NSI/);
    assert.match((await page.textContent('.notice')) ?? '', /line in roundup 1: to do/);
    for (const pick of await page.locator('.pick').all()) await pick.check();
    await page.getByRole('button', { name: 'Mark it as done' }).click();
    await page.waitForURL(/\/roundups\/1\?set=\d+/);
    assert.equal(await page.locator('button.tick-box[aria-pressed=false]').count(), 0);
    await page.screenshot({ path: join(ARTEFACTS, 'web-ticks-phone.png'), fullPage: true });
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
    await page.waitForURL(/undone=/);
    assert.equal(await page.locator('button.tick-box[aria-pressed=true]').count(), 0);
  });

  for (const choice of ['Keep theirs', 'Set mine'] as const)
    test(`two people set one box to different things: shown where it happened, and “${choice}” settles it`, async () => {
      const [first, second] = [await onRoundup(ada), await onRoundup(ben)];
      await goToIssue(first.page, OLD);
      await goToIssue(second.page, OLD);
      // Ben’s page does not hear of it before he acts.
      await second.context.route('**/live?*', (route) => route.abort());
      await second.page.reload();
      await goToIssue(second.page, OLD);
      await first.page.keyboard.press('a');
      await said(first.page, /affected/);
      await second.page.keyboard.press('u');
      const conflict = cell(second.page, OLD).locator('.conflict-here');
      await conflict.waitFor();
      const words = (await conflict.textContent()) ?? '';
      assert.match(words, /It wasunknown/);
      assert.match(words, /@ada setaffected/);
      assert.match(words, /You setunder investigation/);
      assert.deepEqual(await violations(second.page), []);
      await second.page.screenshot({ path: join(ARTEFACTS, 'web-conflict.png') });
      assert.deepEqual(await statusOf(OLD), { status: 'affected' });
      // By keyboard: the first button has the focus.
      if (choice === 'Set mine') await second.page.keyboard.press('Tab');
      await second.page.keyboard.press('Enter');
      await conflict.waitFor({ state: 'detached' });
      const wanted = choice === 'Set mine' ? 'under_investigation' : 'affected';
      await cell(second.page, OLD).locator(`.set-${wanted}`).waitFor();
      assert.equal((await statusOf(OLD))?.status, wanted);
    });

  test('two people claim one issue at once: one has it, the other is shown who, and both see it within a second', async () => {
    const [first, second] = [await onRoundup(ada), await onRoundup(ben)];
    const mark = (page: Page) => page.locator(`tr[id="${ids.issue}"] button.claim`);
    const form = async (page: Page) => {
      await mark(page).click();
      const dialog = page.locator('dialog[open]');
      await dialog.getByLabel('Claim').selectOption('me');
      return dialog;
    };
    // Both have the form open, and have read that nobody works on it.
    const [hers, his] = [await form(first.page), await form(second.page)];
    await hers.getByRole('button', { name: 'Save' }).click();
    await hers.waitFor({ state: 'detached' });
    await his.getByRole('button', { name: 'Save' }).click();
    const conflict = second.page.locator('.conflict-here');
    await conflict.waitFor();
    const words = (await conflict.textContent()) ?? '';
    assert.match(words, /@ada set.*@ada/s);
    assert.match(words, /You set.*@ben/s);
    assert.deepEqual(await violations(second.page), []);
    await second.page.screenshot({ path: join(ARTEFACTS, 'web-conflict-field.png') });
    await conflict.getByRole('button', { name: 'Keep theirs' }).click();
    await Promise.all([
      first.page.locator(`tr[id="${ids.issue}"] button.claim-mine`).waitFor({ timeout: SOON_MS }),
      second.page.locator(`tr[id="${ids.issue}"] button.claim-taken`).waitFor({ timeout: SOON_MS }),
    ]);
    const claim = (await fieldsOfIssues(database.queries, [ids.issue])).get(ids.issue)?.claim?.value;
    assert.equal((claim as { person?: string } | null)?.person, ada.actor.id);
  });

  test('by keyboard alone: move, set with reasons, select, set many, undo, claim, open', async () => {
    const { page, troubles } = await onRoundup(ada);
    await page.evaluate("addEventListener('pointerdown', () => { globalThis.pointed = true }, true)");
    await goToIssue(page, OLD);
    await page.keyboard.press('n');
    await page.locator('dialog[open]').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('2');
    await said(page, /not affected: the vulnerable code is not present/);
    assert.deepEqual(await statusOf(OLD), {
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
    });
    assert.equal(await page.evaluate('document.activeElement.dataset.label'), OLD);

    await page.keyboard.press('z');
    await said(page, /Undone/);
    assert.equal(await statusOf(OLD), undefined);

    await page.keyboard.press('f');
    await page.locator('dialog[open] input[name=fixedIn]').waitFor();
    await page.keyboard.type('1.0.2k');
    await page.keyboard.press('Enter');
    await said(page, /fixed in 1\.0\.2k/);
    assert.deepEqual(await statusOf(OLD), { status: 'fixed', fixedIn: '1.0.2k' });

    // What is barred says why.
    await page.keyboard.press('p');
    await page.locator('dialog[open] input[name=until]').fill('2099-07-01');
    await page.keyboard.press('Enter');
    await said(page, /cannot become postponed/);
    await page.locator('#said').getByRole('button', { name: 'Close' }).press('Enter');

    await page.keyboard.press('l');
    await page.keyboard.press('x');
    await page.keyboard.press('k');
    await page.keyboard.press('x');
    await said(page, /2 lines selected/);
    await page.keyboard.press('u');
    await said(page, /2 of 2 done/);
    assert.equal(await page.locator('#said .answers li').count(), 2);
    assert.equal((await statusOf(NEW))?.status, 'under_investigation');
    await page.keyboard.press('z');
    await said(page, /Undone: 2 changes/);
    assert.equal(await statusOf(NEW), undefined);

    await page.keyboard.press('c');
    await said(page, /claimed by @ada/);
    await page.locator('[data-current] .claim-mine').waitFor();

    await page.keyboard.press('?');
    await page.locator('dialog[open] .keys').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: join(ARTEFACTS, 'web-keys-dialog.png') });
    await page.keyboard.press('Escape');

    // What is typed is text.
    await page.keyboard.press('/');
    await page.keyboard.type('fan');
    assert.equal(await page.locator('#search').inputValue(), 'fan');
    await page.keyboard.press('Tab');
    await goToIssue(page, OLD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/issues/${ids.issue}`);
    assert.equal(await page.evaluate('globalThis.pointed ?? false'), false);
    assert.deepEqual(
      troubles.filter((text) => !/status of 4(?:09|22)/.test(text)),
      [],
    );
  });

  test('keys of one character can be turned off, and stay off', async () => {
    const { page } = await onRoundup(ada);
    await page.keyboard.press('?');
    await page.locator('dialog[open] #keys-on').press('Space');
    await page.keyboard.press('Escape');
    await page.reload();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    assert.equal(await page.locator('[data-current]').count(), 0);
    await page.getByRole('link', { name: 'Keys' }).press('Enter');
    await page.locator('dialog[open] #keys-on').press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    assert.equal(await page.locator('[data-current]').count(), 1);
  });

  test('without JavaScript the same is done by forms, one box, many, and a conflict', async () => {
    const { page } = await browsers.open({ secret: ada.secret, javaScriptEnabled: false });
    await page.goto('/roundups/1');
    await cell(page, OLD).locator('button[name=cell]').click();
    await page.getByLabel('not affected').check();
    await page.getByLabel('Because').selectOption('component_not_present');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/roundups\/1\?set=\d+#NSI/);
    assert.match((await page.textContent('.notice')) ?? '', /openssl in nixos-16\.09: not affected/);
    assert.equal((await statusOf(OLD))?.status, 'not_affected');
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
    await page.waitForURL(/undone=/);
    assert.equal(await statusOf(OLD), undefined);

    for (const pick of await page.locator('.pick').all()) await pick.check();
    await page.getByRole('button', { name: /Set what is selected/ }).click();
    await page.getByLabel('under investigation').check();
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match((await page.textContent('h1')) ?? '', /2 of 2 change sets done/);
    assert.equal((await statusOf(NEW))?.status, 'under_investigation');

    // Somebody is faster while the form is open.
    await page.goto('/roundups/1');
    await cell(page, OLD).locator('button[name=cell]').click();
    const { version = 0 } =
      (await statusesOf(database.queries, [ids.issue])).find(({ channel }) => channel === OLD) ?? {};
    const theirs = {
      kind: 'status',
      id: `${ids.issue}/openssl/${OLD}`,
      field: 'value',
      value: { status: 'affected' },
      saw: version,
    };
    const faster = await sendChanges(
      database,
      ben.actor,
      { changes: [theirs] },
      { rules: { secondOpinion: false } },
    );
    assert.equal(faster.outcome, 'accepted');
    await page.getByLabel('fixed', { exact: true }).check();
    await page.getByLabel('Fixed in version').fill('1.0.2k');
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(
      (await page.textContent('main')) ?? '',
      /It wasunder investigation.*@ben set.*affected.*You setfixed in 1\.0\.2k/s,
    );
    await page.getByRole('button', { name: 'Set mine' }).click();
    await page.waitForURL(/\/roundups\/1\?set=/);
    assert.deepEqual(await statusOf(OLD), { status: 'fixed', fixedIn: '1.0.2k' });
  });

  test('who has no rights proposes in the same place; it is accepted by one key, and the credit stays', async () => {
    const [author, decider] = [await onRoundup(cleo), await browsers.open({ secret: ada.secret })];
    await decider.page.goto('/proposals');
    await goToIssue(author.page, OLD);
    await author.page.keyboard.press('a');
    await said(author.page, /Proposed/);
    assert.equal(await statusOf(OLD), undefined);
    // It comes by itself.
    await decider.page.locator('.proposal').waitFor({ timeout: SOON_MS });
    assert.match(
      (await decider.page.textContent('.proposal')) ?? '',
      /@cleo.*openssl in nixos-16\.09.*unknown.*affected/s,
    );
    await decider.page.keyboard.press('j');
    await decider.page.keyboard.press('y');
    await said(decider.page, /openssl in nixos-16\.09: affected/);
    assert.deepEqual(await statusOf(OLD), { status: 'affected' });
    const [event] = (await eventsOf(database.queries, 'issue', ids.issue)).filter(
      ({ type }) => type === 'status.set',
    );
    assert.deepEqual([event?.actor, event?.payload?.author], [ada.actor.id, cleo.actor.id]);

    await cell(author.page, OLD).locator('.set-affected').waitFor({ timeout: SOON_MS });
    await author.page.keyboard.press('u');
    await decider.page.locator('.proposal').waitFor({ timeout: SOON_MS });
    await decider.page.keyboard.press('j');
    await decider.page.keyboard.press('r');
    await decider.page.keyboard.type('it was looked at');
    await decider.page.keyboard.press('Enter');
    await decider.page.locator('.proposal').waitFor({ state: 'detached', timeout: SOON_MS });
    const [rejected] = await listProposals(database.queries, { state: 'rejected' });
    assert.equal(rejected?.decisionReason, 'it was looked at');
    await decider.page.goto('/proposals?state=rejected');
    assert.match((await decider.page.textContent('main')) ?? '', /it was looked at/);
    assert.deepEqual(await violations(decider.page), []);
  });

  test('what was typed is kept while there is no connection, and said so; what was set is sent later, once', async () => {
    const { page, context } = await onRoundup(ada);
    await page.goto(
      `/edit?at=${encodeURIComponent(`status/${ids.issue}/openssl/${OLD}#value@0`)}&back=/roundups/1`,
    );
    await page.getByLabel('affected', { exact: true }).check();
    await page.getByLabel(/^Note/).fill('only with DHE');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Save' }).click();
    await said(page, /no connection.*kept/s);
    await context.setOffline(false);
    await page.reload();
    assert.equal(await page.getByLabel(/^Note/).inputValue(), 'only with DHE');
    assert.match((await page.textContent('form.edit .note')) ?? '', /You typed this before/);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.notice').waitFor();
    assert.deepEqual(await statusOf(OLD), { status: 'affected', note: 'only with DHE' });
    await page.goto(
      `/edit?at=${encodeURIComponent(`status/${ids.issue}/openssl/${OLD}#value@0`)}&back=/roundups/1`,
    );
    assert.equal(await page.locator('form.edit .note').count(), 0);

    await page.goto('/roundups/1');
    await goToIssue(page, NEW);
    await context.setOffline(true);
    await page.keyboard.press('u');
    await said(page, /There is no connection/);
    assert.equal(await statusOf(NEW), undefined);
    await context.setOffline(false);
    await said(page, /openssl in nixos-unstable: under investigation/);
    assert.equal((await statusOf(NEW))?.status, 'under_investigation');
    const events = await eventsOf(database.queries, 'issue', ids.issue);
    assert.equal(events.filter(({ payload }) => payload?.id === `${ids.issue}/openssl/${NEW}`).length, 1);
  });

  test('people see who else looks at the page, until they leave; visitors see nobody', async () => {
    const [first, second] = [await onRoundup(ada), await onRoundup(ben)];
    await first.page.locator('#presence .face', { hasText: 'BB' }).waitFor({ timeout: SOON_MS });
    await second.page.locator('#presence .face', { hasText: 'AL' }).waitFor({ timeout: SOON_MS });
    assert.deepEqual(await violations(first.page), []);
    const visitor = await browsers.open();
    await visitor.page.goto('/roundups/1');
    await second.page.goto('/keys');
    await first.page.locator('#presence').waitFor({ state: 'detached', timeout: SOON_MS });
    assert.equal(await visitor.page.locator('#presence').count(), 0);
  });

  test('browsers come back by themselves when the server was away, and see what they missed', async () => {
    const { page } = await onRoundup(ada);
    const port = Number(new URL(server.url).port);
    await server.close();
    await sendChanges(
      database,
      ben.actor,
      {
        changes: [
          {
            kind: 'status',
            id: `${ids.issue}/openssl/${OLD}`,
            field: 'value',
            value: { status: 'affected' },
            saw: 0,
          },
        ],
      },
      { rules: { secondOpinion: false } },
    );
    server = await startServer(app(), { host: '127.0.0.1', port });
    await cell(page, OLD).locator('.set-affected').waitFor({ timeout: 20_000 });
  });

  test('nothing moves for who asks for less motion', async () => {
    const { page } = await onRoundup(ada, { reducedMotion: 'reduce' });
    await goToIssue(page, OLD);
    await page.keyboard.press('a');
    await cell(page, OLD).locator('[data-just-changed]').waitFor();
    const running = await page.evaluate('document.getAnimations().length');
    assert.equal(running, 0);
  });

  for (const look of [
    { name: 'light', colorScheme: 'light', width: 1280 },
    { name: 'dark', colorScheme: 'dark', width: 1280 },
    { name: 'phone', colorScheme: 'dark', width: 390 },
  ] as const)
    test(`every page of deciding together fits and breaks no rule: ${look.name}`, async () => {
      const rules = { secondOpinion: false };
      const box = (name: string, channel: string, value: FieldValue): Change => ({
        kind: 'status',
        id: `${ids.issue}/${name}/${channel}`,
        field: 'value',
        value,
        saw: 0,
      });
      const postponed = { status: 'postponed', until: '2099-01-01', note: 'after the release' };
      const set = await sendChanges(
        database,
        ada.actor,
        { changes: [box('openssl', NEW, postponed)] },
        { rules },
      );
      assert.ok(set.outcome === 'accepted');
      const changes = [
        box('openssl', OLD, { status: 'affected', note: 'tried it' }),
        { ...box('openssl', NEW, { status: 'fixed', fixedIn: '1.0.2k' }), saw: set.made[0]?.version ?? 0 },
      ];
      const remark = 'with the reproducer';
      const proposed = await sendChanges(database, cleo.actor, { changes, remark }, { rules });
      assert.ok(proposed.outcome === 'proposed');
      const { proposal } = proposed;
      const { page, troubles } = await browsers.open({ secret: ada.secret, ...look });
      const edit = (...channels: string[]) =>
        `/edit?back=/roundups/1&${channels.map((channel) => `at=${encodeURIComponent(`status/${ids.issue}/openssl/${channel}#value@0`)}`).join('&')}`;
      const found: string[] = [];
      for (const [name, path] of [
        ['roundup-editing', `/roundups/1?set=${set.proposal}`],
        ['issue-editing', `/issues/${ids.issue}`],
        ['proposals', '/proposals'],
        ['proposal', `/proposals/${proposal}`],
        ['amend', `/proposals/${proposal}/amend`],
        ['edit', edit(OLD)],
        ['edit-many', edit(OLD, NEW)],
        ['history', '/history'],
        ['event', `/history?of=issue:${ids.issue}&who=people`],
        ['keys', '/keys'],
      ] as const) {
        await page.goto(path);
        found.push(...(await violations(page, rulesFor(look))).map((words) => `${name}: ${words}`));
        await page.screenshot({ path: join(ARTEFACTS, `web-${name}-${look.name}.png`), fullPage: true });
        const [content, window] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, window.innerWidth]',
        );
        if (content > window) found.push(`${name} is ${content} px wide in a window of ${window}`);
      }
      // The same form in a dialog, and what a key asks.
      await page.goto('/roundups/1');
      await cell(page, OLD).locator('button[name=cell]').click();
      await page.locator('dialog[open] form.edit').waitFor();
      found.push(...(await violations(page, rulesFor(look))).map((words) => `edit dialog: ${words}`));
      await page.screenshot({ path: join(ARTEFACTS, `web-edit-dialog-${look.name}.png`) });
      await page.keyboard.press('Escape');
      await goToIssue(page, OLD);
      for (const [key, name] of [
        ['n', 'not_affected'],
        ['f', 'fixed'],
        ['p', 'postponed'],
        ['w', 'wont_fix'],
      ] as const) {
        await page.keyboard.press(key);
        await page.locator('dialog[open] form.ask').waitFor();
        found.push(...(await violations(page, rulesFor(look))).map((words) => `asks ${name}: ${words}`));
        await page.screenshot({ path: join(ARTEFACTS, `web-ask-${name}-${look.name}.png`) });
        await page.keyboard.press('Escape');
      }
      assert.deepEqual(found, []);
      assert.deepEqual(troubles, []);
    });

  test('the form of a box opens in place by a click, is sent in place, and Escape changes nothing', async () => {
    const { page, troubles } = await onRoundup(ada);
    await cell(page, OLD).locator('button[name=cell]').click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('not affected').check();
    await dialog.getByLabel('Because').selectOption('inline_mitigations_already_exist');
    await dialog.getByLabel(/^Note/).fill('built with no-dh');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await cell(page, OLD).locator('.set-not_affected').waitFor();
    assert.equal(new URL(page.url()).pathname, '/roundups/1');
    assert.deepEqual(await statusOf(OLD), {
      status: 'not_affected',
      justification: 'inline_mitigations_already_exist',
      note: 'built with no-dh',
    });
    await page.locator('#said').getByRole('button', { name: 'Undo' }).click();
    await said(page, /Undone/);
    assert.equal(await statusOf(OLD), undefined);
    await cell(page, NEW).locator('button[name=cell]').click();
    await page.locator('dialog[open]').getByLabel('affected', { exact: true }).check();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    assert.equal(await statusOf(NEW), undefined);
    assert.deepEqual(troubles, []);
  });
});
