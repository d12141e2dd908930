import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { loadConfig } from '#base/config';
import { type Database, verifyLog } from '#base/db';
import { accountByHandle, askRecovery, linkIdentity, makeInvite, makeToken } from '#domain/accounts';
import { testDatabase } from '../../../test/database.ts';
import { startProvider, type TestProvider } from '../../../test/provider.ts';
import { createApp } from './app.ts';
import { loadAssets } from './assets.ts';
import { NOW, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { makeBrowsers, noBrowser, rulesFor, violations } from './testing-browser.ts';
import { makeAccount, OPERATOR, PASSWORD, signIn, signInAgain } from './testing-people.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');

describe('accounts, in browsers', { skip: noBrowser }, () => {
  let database: Database;
  let provider: TestProvider;
  let server: RunningServer;
  let url: string;
  let browsers: ReturnType<typeof makeBrowsers>;

  before(async () => {
    mkdirSync(ARTEFACTS, { recursive: true });
    database = await testDatabase();
    await seedSample(database);
    provider = await startProvider();
    const config = loadConfig({
      MUSTER_OIDC_ISSUER: provider.url,
      MUSTER_OIDC_CLIENT_ID: provider.clientId,
      MUSTER_OIDC_CLIENT_SECRET: provider.clientSecret,
      MUSTER_OIDC_NAME: 'NixOS ID',
      MUSTER_GITHUB_CLIENT_ID: provider.clientId,
      MUSTER_GITHUB_CLIENT_SECRET: provider.clientSecret,
      MUSTER_GITHUB_URL: provider.url,
      MUSTER_GITHUB_API_URL: provider.url,
    });
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    const app = createApp({ database, config, assets: loadAssets(), log, now: () => NOW });
    server = await startServer(app, { host: '127.0.0.1', port: 0 });
    // A passkey needs a name; the provider stands at an address, so it is another site for the browser.
    url = `http://localhost:${new URL(server.url).port}`;
    browsers = makeBrowsers(() => url);
  });
  after(async () => {
    await browsers?.close();
    await server?.close();
    await provider?.close();
    await verifyLog(database.queries);
    await database?.close();
  });

  const signInAs = async (page: Page, handle: string, password = PASSWORD) => {
    await page.locator('input[name=handle]').fill(handle);
    await page.locator('input[name=password]').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const said = (page: Page, words: RegExp) =>
    page.getByRole('status').filter({ hasText: words }).first().waitFor();

  test('a passkey is made, opens the account without a handle, and is renamed and removed', async () => {
    const { page, context, troubles } = await browsers.open();
    await withAuthenticator(context, page);
    await page.goto('/sign-up?to=/issues');
    await page.locator('input[name=handle]').fill('lin');
    await page.getByLabel('Name', { exact: true }).fill('Lin');
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.waitForURL('**/issues');
    await page.getByRole('link', { name: '@lin' }).click();
    await page.getByLabel('Name of a new one').fill('blue key');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.waitForURL('**/account?done=passkey');
    await said(page, /You can sign in with it/);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await said(page, /You are signed out/);

    await page.goto('/account');
    await page.waitForURL('**/sign-in?to=**');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL('**/account');
    assert.match((await page.textContent('h1')) ?? '', /@lin/);
    await page.getByText('Rename blue key').click();
    await page.getByLabel('New name of blue key').fill('red key');
    await page.getByRole('button', { name: 'Save', exact: true }).last().click();
    await said(page, /Renamed/);
    await page.getByRole('button', { name: 'Remove red key' }).click();
    await said(page, /opens nothing here any more/);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('This passkey opens no account here').waitFor();
    assert.deepEqual(
      troubles.filter((text) => !/status of 403/.test(text)),
      [],
    );
  });

  test('whoever has no passkey is told, and signs in by other means', async () => {
    await makeAccount(database, 'mo');
    const { page, context } = await browsers.open();
    await withAuthenticator(context, page);
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText(/cancelled, or took too long/).waitFor();
    await signInAs(page, '@Mo', 'not the password');
    await page.getByText('Handle and password do not fit together').waitFor();
    assert.equal(await page.locator('input[name=handle]').inputValue(), '@Mo');
    assert.equal(await page.locator('input[name=password]').inputValue(), '');
    assert.equal(await page.locator('input[name=password]').getAttribute('aria-invalid'), 'true');
    await signInAs(page, '@Mo');
    await page.getByRole('link', { name: '@mo' }).waitFor();
  });

  test('without JavaScript everything works but passkeys', async () => {
    const { page } = await browsers.open({ javaScriptEnabled: false });
    await page.goto('/roundups/1');
    await page.getByRole('link', { name: 'Sign in' }).click();
    assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).isDisabled(), true);
    await page.getByText('Passkeys need JavaScript').waitFor();
    await page.getByRole('link', { name: 'Make one' }).click();
    await page.locator('input[name=handle]').fill('nia');
    await page.getByLabel('Name', { exact: true }).fill('Nia');
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.waitForURL('**/roundups/1');
    await page.goto('/account');
    await page.getByLabel('Name', { exact: true }).fill('Nia N');
    const profile = page.getByRole('region', { name: 'Profile' });
    await profile.getByRole('button', { name: 'Save' }).click();
    await said(page, /Saved/);
    await page.getByLabel('What it is for').fill('ci');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const token = (await page.locator('code.secret').textContent()) ?? '';
    assert.match(token, /^muster_[\w-]{43}$/);
    const bearer = { headers: { Authorization: `Bearer ${token}` } };
    assert.equal((await fetch(`${url}/issues.json`, bearer)).status, 200);
    await page.goto('/account');
    assert.equal(await page.locator('code.secret').count(), 0);
    await page.getByRole('button', { name: 'Revoke ci' }).click();
    await said(page, /opens nothing any more/);
    assert.equal((await fetch(`${url}/issues.json`, bearer)).status, 401);
    await page.getByLabel('Present password').fill(PASSWORD);
    await page.getByLabel('New password').fill('another fine password');
    await page.getByRole('button', { name: 'Change it' }).click();
    await said(page, /Every other session ended/);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInAs(page, 'nia', 'another fine password');
    await page.getByRole('link', { name: '@nia' }).waitFor();
  });

  for (const [label, handle] of [
    ['NixOS ID', 'oda'],
    ['GitHub', 'pia'],
  ] as const)
    test(`${label} vouches for somebody: across sites, and with our policy for forms`, async () => {
      provider.person = { sub: handle, preferred_username: handle, name: 'Somebody' };
      provider.login = { id: handle.charCodeAt(0), login: handle, name: 'Somebody' };
      const { page, troubles } = await browsers.open();
      await page.goto('/sign-in?to=/issues');
      await page.getByRole('link', { name: `Sign in with ${label}` }).click();
      await page.waitForURL('**/sign-in/new');
      assert.equal(await page.locator('input[name=handle]').inputValue(), handle);
      await page.getByRole('button', { name: 'Make the account' }).click();
      await page.waitForURL('**/issues');
      assert.equal((await accountByHandle(database.queries, handle))?.role, 'contributor');
      // Another account, to which the same person links somebody else.
      const other = await browsers.open({ secret: (await signIn(database, `${handle}-2`)).secret });
      provider.person = { ...provider.person, sub: `${handle}-2` };
      provider.login = { ...provider.login, id: 1000 + handle.charCodeAt(0), login: `${handle}-2` };
      await other.page.goto('/account');
      await other.page.getByRole('link', { name: `Link ${label} to your account` }).click();
      await other.page.waitForURL('**/account?done=linked');
      await said(other.page, /you can sign in by it/);
      const foreign = troubles.filter((text) => !text.startsWith(`request to ${provider.url}/`));
      assert.deepEqual(foreign, []);
    });

  test('two admins let somebody in again who lost everything', async () => {
    await makeAccount(database, 'quin', 'triager');
    const [first, second] = [
      await browsers.open({ secret: (await signIn(database, 'admin-1', 'admin')).secret }),
      await browsers.open({ secret: (await signIn(database, 'admin-2', 'admin')).secret }),
    ];
    await first.page.goto('/accounts/quin');
    await first.page.getByLabel('How you know that it is them').fill('called from the number that we know');
    await first.page.getByRole('button', { name: 'Ask another admin' }).click();
    await said(first.page, /Another admin grants it/);
    await first.page.goto('/accounts');
    assert.equal(await first.page.getByRole('button', { name: 'Grant @quin' }).count(), 0);
    await first.page.getByText('waits for another admin').waitFor();
    await second.page.goto('/accounts');
    await second.page.getByRole('button', { name: 'Grant @quin' }).click();
    const link = (await second.page.locator('code.secret').textContent()) ?? '';
    const lost = await browsers.open();
    await lost.page.goto(link);
    await lost.page.locator('input[name=password]').fill('back in at last, me');
    await lost.page.getByRole('button', { name: 'Set it and sign in' }).click();
    await lost.page.waitForURL('**/account?done=recovered');
    assert.match((await lost.page.textContent('h1')) ?? '', /@quin/);
    await lost.page.goto(link);
    await lost.page.getByText('This link was used').waitFor();
  });

  test('an admin gives a role and closes an account, which holds at once', async () => {
    const rex = await signIn(database, 'rex');
    const admin = await browsers.open({ secret: (await signIn(database, 'admin-3', 'admin')).secret });
    const theirs = await browsers.open({ secret: rex.secret });
    await admin.page.goto('/accounts/rex');
    await admin.page.locator('select[name=role]').selectOption('triager');
    await admin.page.getByRole('button', { name: 'Give it' }).click();
    await said(admin.page, /They have that role now/);
    await theirs.page.goto('/account');
    await theirs.page.getByText(/^Triager since/).waitFor();
    await admin.page.getByLabel('Why').last().fill('left the team');
    await admin.page.getByRole('button', { name: 'Close the account' }).click();
    await said(admin.page, /The account is closed/);
    await theirs.page.goto('/account');
    await theirs.page.waitForURL('**/sign-in?to=**');
    await signInAs(theirs.page, 'rex');
    await theirs.page.getByText('do not fit together').waitFor();
    await theirs.page.goto('/people/rex');
    await theirs.page.getByText(/The account was closed/).waitFor();
  });

  for (const look of [
    { name: 'light', colorScheme: 'light', width: 1280 },
    { name: 'dark', colorScheme: 'dark', width: 1280 },
    { name: 'phone', colorScheme: 'light', width: 390 },
  ] as const)
    test(`every page of accounts fits and axe finds nothing: ${look.name}`, async () => {
      const admin = await signIn(database, `sam-${look.name}`, 'admin');
      await signInAgain(database, admin.account);
      await fillAccount(admin.account);
      const own = await browsers.open({ ...look, secret: admin.secret });
      const visitor = await browsers.open(look);
      const wrong: string[] = [];
      const see = async (page: Page, name: string) => {
        await page.screenshot({ path: join(ARTEFACTS, `web-${name}-${look.name}.png`), fullPage: true });
        const [content = 0, window = 0] = await page.evaluate<number[]>(
          '[document.documentElement.scrollWidth, window.innerWidth]',
        );
        if (content > window) wrong.push(`${name} is ${content} px wide in a window of ${window}`);
        wrong.push(...(await violations(page, rulesFor(look))).map((violation) => `${name}: ${violation}`));
      };
      for (const [name, path] of [
        ['sign-in', '/sign-in?to=/issues'],
        ['sign-up', '/sign-up'],
        ['recover', '/recover?link=x'],
        ['people', '/people'],
      ] as const) {
        await visitor.page.goto(path);
        await see(visitor.page, name);
      }
      await visitor.page.goto('/sign-in');
      await signInAs(visitor.page, 'nobody');
      await see(visitor.page, 'sign-in-wrong');
      for (const [name, path] of [
        ['account', '/account'],
        ['accounts', '/accounts'],
        ['account-managed', '/accounts/bystander'],
        ['person', `/people/${admin.account.handle}`],
      ] as const) {
        await own.page.goto(path);
        await see(own.page, name);
      }
      assert.deepEqual(wrong, []);
      const unexpected = [...own.troubles, ...visitor.troubles].filter(
        (text) => !/status of 4\d\d/.test(text),
      );
      assert.deepEqual(unexpected, []);
    });

  /** One of each thing that the pages show. */
  async function fillAccount(account: Awaited<ReturnType<typeof makeAccount>>): Promise<void> {
    const actor = { id: `person:${account.id}`, role: account.role, account: account.id };
    const number = account.id;
    if ((await accountByHandle(database.queries, 'bystander')) === null)
      await makeAccount(database, 'bystander');
    await makeToken(
      database,
      actor,
      account.id,
      { name: 'CI of nixpkgs', scopes: ['read', 'propose'], days: 90 },
      NOW,
    );
    await linkIdentity(
      database,
      account,
      {
        provider: `github:${provider.url}`,
        subject: `s${number}`,
        name: 'github',
        label: 'sam-l',
        displayName: null,
        email: null,
        emailVerified: false,
        github: null,
      },
      NOW,
    );
    await makeInvite(database, OPERATOR, { note: 'for Grace, of the kernel team', role: 'triager' }, NOW);
    const lost = await makeAccount(database, `lost-${number}`);
    await askRecovery(database, OPERATOR, lost.handle, 'called from the number that we know', NOW);
    await askRecovery(
      database,
      actor,
      (await makeAccount(database, `gone-${number}`)).handle,
      'met them',
      NOW,
    );
  }
});

/** A security key of the browser's own, that says yes by itself (Chrome DevTools Protocol, WebAuthn). */
async function withAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
