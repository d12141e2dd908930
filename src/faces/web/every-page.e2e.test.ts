import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import type { Role } from '#domain/policies';
import { makeAuthenticator } from '../../../test/authenticator.ts';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { ROUTES } from './routes-table.ts';
import { NOW, seedSample } from './sample-database.ts';
import { type RunningServer, startServer } from './server.ts';
import { ASSETS } from './testing-app.ts';
import { makeBrowsers, noBrowser, rulesFor, violations } from './testing-browser.ts';
import { signIn, type TestPerson } from './testing-people.ts';
import { makeAsking } from './testing-routes.ts';

const ARTEFACTS = join(import.meta.dirname, '../../../test/artefacts');
const LOOKS = [
  { name: 'light desktop', colorScheme: 'light', width: 1280 },
  { name: 'dark desktop', colorScheme: 'dark', width: 1280 },
  { name: 'light phone', colorScheme: 'light', width: 390 },
  { name: 'dark phone', colorScheme: 'dark', width: 390 },
] as const;

/** What answers with something else than a page. Whatever is added to the table of routes is a page, or fits here. */
const NO_PAGE =
  /^\/(?:api\/v1|feeds)\/|^\/(?:healthz|live|insight\/:part)$|\/raw$|\.(?:json|atom|csv|md|css|js|ico|txt)$/;

/** The pages that a role gets, as the table says: also those that say that something is not there or not theirs. */
function pagesFor(role: Role): string[] {
  return ROUTES.filter(({ method, path, answers }) => {
    const leadsOn = answers[role] >= 300 && answers[role] < 400;
    return method === 'GET' && !leadsOn && !NO_PAGE.test(path);
  }).map(({ path }) => path);
}

/** Every page that there is, from the table of routes: a new one is looked at without anybody thinking of it. */
describe('every page of the table of routes, light and dark, desktop and phone', { skip: noBrowser }, () => {
  let database: Database;
  let server: RunningServer;
  let asking: ReturnType<typeof makeAsking>;
  let admin: TestPerson;
  const browsers = makeBrowsers(() => server.url);

  before(async () => {
    database = await testDatabase();
    const ids = await seedSample(database);
    const config = loadConfig({ MUSTER_GITHUB_CLIENT_ID: 'id', MUSTER_GITHUB_CLIENT_SECRET: 'secret' });
    const log = { error: (...words: unknown[]) => console.error(...words), warn: () => {} };
    const app = createApp({ database, config, assets: ASSETS, log, now: () => NOW });
    server = await startServer(app, { host: '127.0.0.1', port: 0 });
    admin = await signIn(database, 'the-admin', 'admin');
    const party = { name: 'Muster NixOS', id: 'localhost', origin: 'http://localhost' };
    let number = 0;
    asking = makeAsking(app, {
      database,
      ids,
      bystander: await signIn(database, 'bystander'),
      otherAdmin: (await signIn(database, 'other-admin', 'admin')).actor,
      party,
      newKey: () => makeAuthenticator({ origin: party.origin, party: party.id }),
      next: () => {
        number += 1;
        return number;
      },
    });
    mkdirSync(ARTEFACTS, { recursive: true });
  });
  after(async () => {
    await browsers.close();
    await server?.close();
    await database?.close();
  });

  for (const who of ['a visitor', 'an admin'] as const)
    test(`axe finds nothing, and nothing is wider than its window, for ${who}`, async () => {
      const asker = who === 'an admin' ? admin : null;
      const motion = { reducedMotion: 'reduce' } as const;
      const { page, context } = await browsers.open(
        asker === null ? motion : { ...motion, secret: asker.secret },
      );
      const wrong: string[] = [];
      const looked: string[] = [];
      for (const row of ROUTES) {
        if (row.method !== 'GET' || row.path === '/live') continue;
        const path = await asking.pathFor(row, asker);
        // What is no page, is kept as a file, or leads away to a provider.
        // A connection that is kept may be closed in the moment in which it is used again.
        const answer = await context.request.get(path, { maxRedirects: 0, maxRetries: 3 });
        const { 'content-type': type = '', 'content-disposition': kept = '' } = answer.headers();
        if (!type.startsWith('text/html') || kept.startsWith('attachment')) continue;
        if (answer.status() >= 300 && answer.status() < 400) continue;
        await page.goto(path);
        looked.push(row.path);
        for (const look of LOOKS) {
          await page.emulateMedia({ colorScheme: look.colorScheme });
          await page.setViewportSize({ width: look.width, height: 900 });
          for (const found of await violations(page, rulesFor(look)))
            wrong.push(`${path}, ${look.name}: ${found}`);
          const [content, window] = await widths(page);
          if (content > window) wrong.push(`${path}, ${look.name}: ${content} px wide in ${window}`);
        }
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(looked.sort(), pagesFor(asker === null ? 'visitor' : 'admin').sort());
    });
});

/** How wide the page is, and the window. */
async function widths(page: Page): Promise<[number, number]> {
  return page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
}
